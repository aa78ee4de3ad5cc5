"""The feeds are what build.py gives from the written items."""

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

from tests.sample.conftest import FEEDS, SAMPLE


def test_feeds_and_labels_are_what_build_gives_from_the_written_items(tmp_path: Path):
    subprocess.run([sys.executable, str(SAMPLE / "build.py"), "--out", str(tmp_path)], check=True)
    built = {path.name: path.read_bytes() for path in (tmp_path / "feeds").iterdir()}
    kept = {path.name: path.read_bytes() for path in FEEDS.iterdir()}
    assert built.keys() == kept.keys()
    packed = {name for name in kept if name.endswith((".parquet", ".xlsx"))}  # bytes hang on the writers' versions
    assert {name for name in kept if built[name] != kept[name]} - packed == set()
    assert pq.read_table(tmp_path / "feeds" / "csat.parquet").equals(pq.read_table(FEEDS / "csat.parquet"))
    assert (tmp_path / "labels.jsonl").read_bytes() == (SAMPLE / "labels.jsonl").read_bytes()


def test_feeds_and_written_items_stay_under_four_megabytes():
    paths = [path for folder in ("feeds", "written") for path in (SAMPLE / folder).iterdir()]
    assert sum(path.stat().st_size for path in paths) < 4_000_000
