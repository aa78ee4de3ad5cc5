"""One run at a time over one lake, whoever starts it: Prefect is the clock, not the truth.

The lock is a file in the lake with host, process and a heartbeat. A lock whose process is gone, or whose heart
stopped, is taken over, so that a killed run never blocks the next one for longer than `STALE_SECONDS`.
"""

import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from cxnlp.errors import LakeError, RunRefused

HEARTBEAT_SECONDS = 10
STALE_SECONDS = 90


@dataclass(frozen=True)
class Holder:
    """Who holds the lake."""

    run_id: str
    host: str
    pid: int
    started_at: float

    def is_alive(self, beat_at: float) -> bool:
        """Whether the run still works: its heart beats, and on this host its process exists."""
        if time.time() - beat_at > STALE_SECONDS:
            return False
        return self.host != socket.gethostname() or _process_exists(self.pid)


@contextmanager
def hold(lake: Path, run_id: str) -> Iterator[None]:
    """Hold the lake for the length of the block.

    :raises RunRefused: where another run holds it; the message says who, where and since when.
    :raises LakeError: where the folder cannot be written.
    """
    path = lake / ".lock"
    holder = Holder(run_id, socket.gethostname(), os.getpid(), time.time())
    try:
        lake.mkdir(parents=True, exist_ok=True)
        _take(path, holder)
    except OSError as error:
        raise LakeError(f"{lake}: the lake folder cannot be written: {error.strerror}; check its rights") from error
    stopped = threading.Event()
    heart = threading.Thread(target=_beat, args=(path, stopped), daemon=True)
    heart.start()
    try:
        yield
    finally:
        stopped.set()
        heart.join()
        if _read(path) == holder:
            path.unlink(missing_ok=True)


def _take(path: Path, holder: Holder) -> None:
    """Write the lock unless a living run has it; the guard file makes look and write one step."""
    with path.with_name(".lock-guard").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        found = _read(path)
        if found is not None and found.is_alive(path.stat().st_mtime):
            since = time.strftime("%Y-%m-%d %H:%M", time.localtime(found.started_at))
            raise RunRefused(
                f"{path.parent}: run {found.run_id} on {found.host} (process {found.pid}) holds the lake since "
                f"{since}; wait for it to end and run again"
            )
        fresh = path.with_name(".lock-fresh")
        fresh.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        fresh.replace(path)


def _read(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None


def _beat(path: Path, stopped: threading.Event) -> None:
    while not stopped.wait(HEARTBEAT_SECONDS):
        if path.exists():
            os.utime(path)


def _process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
