"""Results beside the script that made them: JSON and a Markdown table, with the model and the machine."""

import json
import platform
from pathlib import Path

import pandas as pd


def write_results(path: Path, title: str, rows: pd.DataFrame, model_id: str, notes: str = "") -> None:
    """Write `<path>.json` and `<path>.md`, and print the table.

    :param model_id: of the labeler that read the words; empty where none did.
    """
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    record = {"title": title, "model": model_id, "machine": machine, "notes": notes, "rows": rows.to_dict("records")}
    path.with_suffix(".json").write_text(json.dumps(record, indent=1, default=str) + "\n", encoding="utf-8")
    lines = [
        f"# {title}",
        "",
        *_table(rows),
        "",
        f"Model: {model_id or 'none'}. Machine: {machine}.",
        *([notes] if notes else []),
    ]
    path.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _table(rows: pd.DataFrame) -> list[str]:
    head = "| " + " | ".join(map(str, rows.columns)) + " |"
    body = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows.itertuples(index=False)]
    return [head, "|" + " --- |" * len(rows.columns), *body]


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
