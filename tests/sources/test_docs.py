"""docs/sources.md as a new user reads it: every block is run, in its order, in one shell."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from tests.sources.bench import ROOT

PAGE = ROOT / "docs" / "sources.md"
FILE_BLOCK = re.compile(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", re.DOTALL)
SHELL_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def free_port() -> str:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


def script(page: str) -> str:
    """The page's commands; a file that it shows is written where the reader is told to save it."""
    parts = [(found.start(), found[1]) for found in SHELL_BLOCK.finditer(page)]
    parts += [(found.start(), f"cat > {found[1]} <<'END'\n{found[2]}END\n") for found in FILE_BLOCK.finditer(page)]
    return "set -e\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + "\n".join(block for _, block in sorted(parts))


def test_every_command_runs_and_the_night_has_the_tickets(tmp_path: Path):
    page = PAGE.read_text(encoding="utf-8").replace("8801", free_port())
    wrapper = tmp_path / "bin" / "cxnlp"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cxnlp.cli "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    python = wrapper.with_name("python")
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    env = {name: value for name, value in os.environ.items() if name not in ("CXNLP_KEY", "DESK_KEY")}
    env |= {"PATH": f"{wrapper.parent}:{env['PATH']}", "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-c", script(page)], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search(r"ok    desk: http://127\.0\.0\.1:\d+/api/v2/tickets answered with 40 records", done.stdout)
    assert re.search(r"desk\W+40\b", done.stdout), done.stdout
    assert "fd-secret-1" not in done.stdout.replace("FRESHDESK_KEY=fd-secret-1", "") + done.stderr


def test_every_source_has_a_page_and_a_row():
    page = PAGE.read_text(encoding="utf-8")
    pages = {path.stem for path in (ROOT / "docs" / "sources").glob("*.md")}
    assert {name for name in pages if f"(sources/{name}.md)" not in page} == set()
