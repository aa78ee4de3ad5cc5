import json
import os
import socket
import subprocess
import sys
import time

import pytest

from cxnlp.errors import LakeError, RunRefused
from cxnlp.night.lock import STALE_SECONDS, hold


def write_lock(lake, **changes):
    held = {"run_id": "old", "host": socket.gethostname(), "pid": os.getpid(), "started_at": 0.0, **changes}
    lake.mkdir()
    (lake / ".lock").write_text(json.dumps(held))


def dead_pid():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_held_lake_refuses_and_says_who_holds_it(tmp_path):
    wanted = r"run one on .* holds the lake since"
    with (
        hold(tmp_path / "lake", "one"),
        pytest.raises(RunRefused, match=wanted) as told,
        hold(tmp_path / "lake", "two"),
    ):
        pass
    assert "\n" not in str(told.value)


def test_the_lock_is_gone_when_the_block_ends_though_it_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), hold(tmp_path / "lake", "one"):
        1 / 0  # noqa: B018
    with hold(tmp_path / "lake", "two"):
        assert json.loads((tmp_path / "lake" / ".lock").read_text())["run_id"] == "two"
    assert not (tmp_path / "lake" / ".lock").exists()


def test_a_killed_run_on_this_host_blocks_nobody(tmp_path):
    write_lock(tmp_path / "lake", pid=dead_pid())
    with hold(tmp_path / "lake", "two"):
        assert json.loads((tmp_path / "lake" / ".lock").read_text())["run_id"] == "two"


def test_a_run_on_another_host_holds_while_its_heart_beats(tmp_path):
    write_lock(tmp_path / "lake", host="elsewhere", pid=1)
    with pytest.raises(RunRefused, match="on elsewhere"), hold(tmp_path / "lake", "two"):
        pass
    silent_since = time.time() - STALE_SECONDS - 1
    os.utime(tmp_path / "lake" / ".lock", (silent_since, silent_since))
    with hold(tmp_path / "lake", "two"):
        pass


def test_a_torn_lock_file_blocks_nobody(tmp_path):
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / ".lock").write_text('{"run_id": "ol')
    with hold(tmp_path / "lake", "two"):
        pass


def test_of_many_that_try_at_once_one_gets_in_and_a_dead_lock_is_taken_once(tmp_path):
    write_lock(tmp_path / "lake", pid=dead_pid())
    code = (
        "import sys\nfrom pathlib import Path\nfrom cxnlp.errors import RunRefused\nfrom cxnlp.night.lock import hold\n"
        "try:\n    with hold(Path(sys.argv[1]), sys.argv[2]):\n        print('in', flush=True); sys.stdin.read()\n"
        "except RunRefused:\n    print('refused', flush=True)\n"
    )
    tries = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "lake"), f"run{n}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    answers = [child.stdout.readline().strip() for child in tries]
    for child in tries:
        child.communicate()
    assert sorted(answers) == ["in", "refused", "refused", "refused"]


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "lake").write_text("")
    with pytest.raises(LakeError, match="the lake folder cannot be written"), hold(tmp_path / "lake", "one"):
        pass
