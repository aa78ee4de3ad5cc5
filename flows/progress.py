"""A bar at a terminal, plain log lines elsewhere."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOG = logging.getLogger("cxnlp")
LOG_EVERY_SECONDS = 10.0


@contextmanager
def show_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with the number done and the number in all.

    :param what: what is counted, for the eye: "labelling".
    """
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
    else:
        yield _logger(what)


def _logger(what: str) -> Callable[[int, int], None]:
    started = last = time.monotonic()

    def log(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LOG_EVERY_SECONDS or done == total:
            last = now
            LOG.info("%s: %d of %d, %.0f a second", what, done, total, done / max(now - started, 1e-9))

    return log
