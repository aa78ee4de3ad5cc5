from pathlib import Path

import pytest

from cxnlp.errors import ConfigError, UnknownCode
from cxnlp.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy(Path("pipelines/taxonomy.yaml"))


def test_every_code_of_the_default_taxonomy_is_there():
    assert (len(TAXONOMY.stages), len(TAXONOMY.touchpoints), len(TAXONOMY.domains)) == (9, 20, 12)
    assert ("billing", "incorrect_charge") in TAXONOMY.causes


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (
            lambda: TAXONOMY.check_touchpoint("delivry", "l.jsonl:31"),
            r"l.jsonl:31: no touchpoint 'delivry' .* 'delivery'\?",
        ),
        (lambda: TAXONOMY.check_stage("x", "l"), "no stage 'x' in the taxonomy; known: awareness"),
        (lambda: TAXONOMY.check_demand("faliure", "l"), r"did you mean 'failure'\?"),
        (lambda: TAXONOMY.check_breakdown("billing", "late", "l"), "no cause of billing 'late'"),
        (lambda: TAXONOMY.check_breakdown("bill", "late", "l"), r"did you mean 'billing'\?"),
    ],
)
def test_an_unknown_code_is_refused_with_the_nearest_one(ask, told):
    with pytest.raises(UnknownCode, match=told):
        ask()


def test_a_taxonomy_that_lacks_a_section_is_refused(tmp_path):
    (tmp_path / "t.yaml").write_text("version: 1\nstages: {a: b}\n")
    with pytest.raises(ConfigError, match="lacks touchpoints, sentiment, demand, breakdowns"):
        load_taxonomy(tmp_path / "t.yaml")


def test_the_starters_taxonomy_is_the_shipped_one():
    assert Path("cxnlp/starter_files/taxonomy.yaml").read_text() == Path("pipelines/taxonomy.yaml").read_text()
