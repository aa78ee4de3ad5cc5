"""Pull many tickets with their comments, killed twice on the way: records a second, memory, end state.

python -m benchmarks.sources.zendesk_pull --tickets 100000
The Zendesk server of the tests runs in a process of its own, and so does each pull; a killed pull (SIGKILL) is
started again. Writes zendesk_pull.json and zendesk_pull.md beside this file.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from cxnlp.lake import Lake
from cxnlp.tables import CURSORS, FEEDBACK
from tests.vendors.filled import name_in_words
from tests.vendors.zendesk import PASSWORD, USERNAME

HERE = Path(__file__).parent
SAMPLE_SECONDS = 0.5


@dataclass
class Result:
    """What was measured."""

    tickets: int
    seconds: float
    records_per_second: float
    kills: int
    peak_mb: float
    mb_at_quarters: list[float]
    items: int
    wrong_items: int
    cpus: int
    python: str


@contextmanager
def served(n_tickets: int, port: int) -> Iterator[str]:
    """The vendor's server in a process of its own."""
    command = [sys.executable, "-m", "tests.vendors", "zendesk", "--port", str(port), "--records", str(n_tickets)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield line.split()[2]
    finally:
        process.kill()
        process.wait()


def stored(lake: Lake) -> int:
    """Items committed so far."""
    return lake.dataset(FEEDBACK).count_rows()


def pull(url: str, folder: Path, kill_at: int | None, memory: list[tuple[int, float]]) -> bool:
    """One pull; killed once so many items are committed. Returns whether it came to its end."""
    environment = {**os.environ, "ZENDESK_USER": USERNAME, "ZENDESK_TOKEN": PASSWORD}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sources.pull_once", url, str(folder)], env=environment
    )
    watched, lake = psutil.Process(process.pid), Lake(folder / "lake")
    while process.poll() is None:
        time.sleep(SAMPLE_SECONDS)
        n_items = stored(lake)
        try:
            memory.append((n_items, watched.memory_info().rss / 1e6))
        except psutil.NoSuchProcess:
            break
        if kill_at is not None and n_items >= kill_at:
            process.kill()
            process.wait()
            return False
    if process.wait() != 0:
        raise SystemExit("the pull failed")
    return True


def wrong_items(lake: Lake, n_tickets: int) -> int:
    """Tickets that are missing, there twice or with another ticket's words."""
    rows = lake.read(FEEDBACK, ["item_id", "text"])
    told = dict(zip(rows["item_id"], rows["text"], strict=True))
    expected = {f"zendesk-{number}": name_in_words(number) for number in range(1, n_tickets + 1)}
    wrong = sum(words not in told.get(item_id, "") for item_id, words in expected.items())
    return wrong + len(set(told) - set(expected)) + len(rows) - len(told)


def at_quarters(memory: list[tuple[int, float]], n_tickets: int) -> list[float]:
    """Largest memory in each quarter of the pull, MB."""
    quarters: list[list[float]] = [[] for _ in range(4)]
    for n_items, megabytes in memory:
        quarters[min(4 * n_items // n_tickets, 3)].append(megabytes)
    return [round(max(values, default=0.0)) for values in quarters]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--port", type=int, default=8811)
    options = parser.parse_args()
    memory: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as work, served(options.tickets, options.port) as url:
        folder = Path(work)
        started = time.monotonic()
        kills = sum(not pull(url, folder, options.tickets * part // 3, memory) for part in (1, 2))
        pull(url, folder, None, memory)
        seconds = time.monotonic() - started
        lake = Lake(folder / "lake")
        assert len(lake.read(CURSORS)) == 1
        result = Result(
            options.tickets,
            round(seconds, 1),
            round(options.tickets / seconds, 1),
            kills,
            round(max(megabytes for _, megabytes in memory)),
            at_quarters(memory, options.tickets),
            stored(lake),
            wrong_items(lake, options.tickets),
            os.cpu_count() or 0,
            platform.python_version(),
        )
    write(result)


def write(result: Result) -> None:
    """JSON and a Markdown table beside this file."""
    (HERE / "zendesk_pull.json").write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")
    rows = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in asdict(result).items())
    head = "# A pull of Zendesk, killed twice\n\n`python -m benchmarks.sources.zendesk_pull`\n\n"
    page = f"{head}| what | value |\n| --- | --- |\n{rows}\n"
    (HERE / "zendesk_pull.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
