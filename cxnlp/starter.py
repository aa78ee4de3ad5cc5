"""What `cxnlp init` writes: a pipeline file with comments, the taxonomy, folders and a random key."""

import secrets
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

KEY_VARIABLE = "CXNLP_KEY"
FOLDERS = ("data/inbox", "data/lake", "data/marts", "data/reports", "pipelines")


def write_starter(folder: Path) -> Iterator[str]:
    """Write what is not there yet; yield one line for each thing, written or kept."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    starter = files("cxnlp") / "starter_files"
    pipeline = (starter / "nightly.yaml").read_text(encoding="utf-8").replace("MODEL_FOLDER", str(_shipped_model()))
    yield _write(folder / "pipelines" / "nightly.yaml", pipeline)
    yield _write(folder / "pipelines" / "taxonomy.yaml", (starter / "taxonomy.yaml").read_text(encoding="utf-8"))
    yield _write(folder / "data" / "inbox" / "survey.csv", (starter / "survey.csv").read_text(encoding="utf-8"))
    yield _write(folder / ".gitignore", "/data/\n/.env\n")
    yield write_key(folder / ".env")


def _shipped_model() -> Path:
    """`models/default` of the checkout that this package runs from, else the same path below the project."""
    shipped = Path(__file__).resolve().parents[1] / "models" / "default"
    return shipped if shipped.is_dir() else Path("models/default")


def _write(path: Path, text: str) -> str:
    if path.exists():
        return f"kept     {path}"
    path.write_text(text, encoding="utf-8")
    return f"written  {path}"


def write_key(path: Path) -> str:
    """Add a random key unless the file has one; only the owner may read it."""
    held = path.read_text(encoding="utf-8") if path.exists() else ""
    if f"{KEY_VARIABLE}=" in held:
        return f"kept     {path}"
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(held + f"{KEY_VARIABLE}={secrets.token_hex(32)}\n", encoding="utf-8")
    return f"written  {path} (keep it: without it customers cannot be joined across nights)"
