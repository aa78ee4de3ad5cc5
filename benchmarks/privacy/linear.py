"""Time of redaction on adversarial strings: at 50 kB, at 100 kB and their ratio.

    python benchmarks/privacy/linear.py

Writes linear.json beside this script: processor seconds, best of three.
"""

import json
import time
from pathlib import Path

from cxnlp.clean import handles
from cxnlp.clean.privacy import WITH_DIGITS, WITHOUT_DIGITS

PARTS = [
    "a",
    "1",
    "1-",
    "1 ",
    "a@",
    "a.",
    "+1",
    "(0",
    "12 Oak ",
    "DE12 3456 ",
    "AB12 ",
    "http://a/",
    "12 rue de ",
    "Via A ",
    "f:",
    "Al Jo ",
]
SIZE = 100_000


def seconds(run, text: str) -> float:
    """Processor time of one pattern over a text, best of three."""
    times = []
    for _ in range(3):
        started = time.process_time()
        for _ in run(text):
            pass
        times.append(time.process_time() - started)
    return min(times)


def main() -> None:
    """Time every pattern on every string."""
    finders = [*WITHOUT_DIGITS, *WITH_DIGITS, handles.handle_finder(frozenset())]
    rows = []
    for finder in finders:
        for part in PARTS:
            half, whole = (part * (size // len(part)) for size in (SIZE // 2, SIZE))
            one, two = seconds(finder.pattern.finditer, half), seconds(finder.pattern.finditer, whole)
            ratio = two / one if one > 0.002 else None
            rows.append(
                {"kind": finder.kind, "part": part, "seconds_100kB": round(two, 4), "ratio": ratio and round(ratio, 2)}
            )
    worst = max(rows, key=lambda row: row["seconds_100kB"])
    steepest = max((row for row in rows if row["ratio"]), key=lambda row: row["ratio"])
    slow = [row for row in rows if row["seconds_100kB"] > 0.2]
    record = {"n_tried": len(rows), "worst": worst, "steepest": steepest, "over_0.2_s": slow}
    (Path(__file__).parent / "linear.json").write_text(json.dumps(record, indent=1) + "\n")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
