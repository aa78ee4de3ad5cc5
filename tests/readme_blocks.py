"""The SQL of the README and what it prints on the sample: `python -m tests.readme_blocks MARTS` puts it there anew."""

import re
import sys
from pathlib import Path

from cxnlp.publish.query import run_query
from cxnlp.publish.render import render

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCK = re.compile(r"```sql\n(?P<sql>.*?)```\n```text\n(?P<answer>.*?)```", re.DOTALL)


def refreshed(text: str, marts: Path) -> str:
    """The README with every answer asked anew."""

    def ask(block: re.Match[str]) -> str:
        lines = render(run_query(marts, block["sql"]), "table").splitlines()
        answer = "\n".join(line.rstrip() for line in lines)
        return f"```sql\n{block['sql']}```\n```text\n{answer}\n```"

    return BLOCK.sub(ask, text)


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text(), Path(sys.argv[1])))
