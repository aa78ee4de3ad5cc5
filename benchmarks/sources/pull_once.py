"""One pull of the Zendesk source into a lake: python -m benchmarks.sources.pull_once URL FOLDER."""

import sys
from pathlib import Path

from tests.sources.bench import Bench, ask_here, read_source


def main() -> None:
    """Pull, and print what came."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    change = ask_here(url, "/api/v2/", timeout_seconds=60.0, attempts=5)
    bench = Bench(folder, {"feedback": read_source("zendesk", change)["feedback"]})
    print(bench.pull("zendesk"))


if __name__ == "__main__":
    main()
