"""Killed or failed at any point, then run again: the tables are those of an undisturbed run."""

import os
import random
import shutil
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path

import pytest

from cxnlp.errors import LakeError
from cxnlp.label.labeler import Labeler
from cxnlp.lake import Lake
from tests.flows.conftest import NIGHT
from tests.flows.plain import fill_lake, run_tasks, table_hashes

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def undisturbed(project):
    """Hashes of the tables after a night that nothing disturbed; the lake is gone again."""
    run_tasks("pipeline.yaml", NIGHT)
    hashes = table_hashes(project / "data" / "lake")
    shutil.rmtree(project / "data")
    return hashes


class FailAt:
    """Lets the n-th write of a run fail as a full disk does, before or after it is committed."""

    def __init__(self, n: int, after: bool) -> None:
        self.n, self.after, self.count = n, after, 0
        self.commit = Lake._commit

    def __call__(self, lake, table, write):
        self.count += 1
        if self.count == self.n and not self.after:
            raise LakeError("disk full")
        self.commit(lake, table, write)
        if self.count == self.n:
            raise LakeError("disk full")


@pytest.mark.parametrize("after", [False, True], ids=["before-commit", "after-commit"])
def test_a_write_that_fails_anywhere_leaves_a_night_that_a_rerun_completes(project, undisturbed, monkeypatch, after):
    counter = FailAt(0, after)
    monkeypatch.setattr(Lake, "_commit", lambda *a: counter(*a))
    monkeypatch.setattr(Labeler, "load", lru_cache(Labeler.load))  # the same model for every run
    fill_lake("pipeline.yaml", NIGHT)
    n_writes = counter.count
    assert n_writes > 15
    for n in range(1, n_writes + 1):
        shutil.rmtree(project / "data")
        counter.n, counter.count = n, 0
        with pytest.raises(LakeError, match="disk full"):
            fill_lake("pipeline.yaml", NIGHT)
        counter.n, counter.count = 0, 0
        fill_lake("pipeline.yaml", NIGHT)
        assert table_hashes(project / "data" / "lake") == undisturbed, f"write {n} of {n_writes}"


def test_killed_at_ten_random_moments_a_rerun_completes_the_night(project, undisturbed):
    command = [sys.executable, "-m", "tests.flows.plain", str(project / "pipeline.yaml"), NIGHT]
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    moments = random.Random(20260524)
    began = _run_until_working(command, env, project)
    length = time.monotonic() - began
    killed = 0
    for _ in range(10):
        shutil.rmtree(project / "data")
        child = subprocess.Popen(command, env=env, cwd=project)
        _wait_for_work(child, project)
        time.sleep(moments.uniform(0, length))
        killed += child.poll() is None
        child.kill()
        child.wait()
        run_tasks("pipeline.yaml", NIGHT)
        assert table_hashes(project / "data" / "lake") == undisturbed
    assert killed >= 5  # the others had ended before the signal came


def _run_until_working(command, env, project):
    """Run once to the end; returns the moment at which it began to write."""
    child = subprocess.Popen(command, env=env, cwd=project)
    began = _wait_for_work(child, project)
    assert child.wait() == 0
    return began


def _wait_for_work(child, project):
    while child.poll() is None and not (project / "data" / "lake").exists():
        time.sleep(0.02)
    return time.monotonic()
