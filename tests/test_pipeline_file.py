from pathlib import Path

import pytest

from cxnlp.errors import ConfigError
from cxnlp.pipeline_file import load_pipeline
from cxnlp.starter import write_starter

TAXONOMY = Path("pipelines/taxonomy.yaml").resolve()


@pytest.fixture
def pipeline(tmp_path):
    """The starter pipeline, its taxonomy named absolutely."""
    list(write_starter(tmp_path))
    path = tmp_path / "pipelines" / "nightly.yaml"
    path.write_text(path.read_text().replace("pipelines/taxonomy.yaml", str(TAXONOMY), 1))
    return path


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def test_the_starter_is_a_valid_pipeline(pipeline):
    assert [source.name for source in load_pipeline(pipeline).feedback] == ["nps_survey"]


@pytest.mark.parametrize("name", [path.name for path in sorted(Path("pipelines").glob("*.yaml"))])
def test_every_shipped_pipeline_file_loads(name):
    if name not in ("taxonomy.yaml", "retrain.yaml"):
        assert load_pipeline(Path("pipelines") / name).feedback


def test_a_misspelt_key_is_told_with_its_line_and_the_likely_one(pipeline):
    change(pipeline, "date_format:", "date_fromat:")
    line = 1 + pipeline.read_text().splitlines().index('    date_fromat: "%Y-%m-%d %H:%M"')
    with pytest.raises(ConfigError, match=rf"nightly.yaml:{line}: .*unknown key; did you mean 'date_format'\?"):
        load_pipeline(pipeline)


def test_all_faults_are_told_at_once(pipeline):
    change(pipeline, "source_kind: survey", "source_kind: poll")
    change(pipeline, "chain_days: 21", "chain_days: -1")
    change(pipeline, "name: nps_survey", "name: NPS survey")
    with pytest.raises(ConfigError) as told:
        load_pipeline(pipeline)
    lines = str(told.value).splitlines()
    assert len(lines) == 3
    assert [part in str(told.value) for part in ("source_kind", "chain_days", "a name is lower-case")] == [True] * 3


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    billing: Head", "    biling: Head", r"no breakdown domain 'biling'; did you mean 'billing'\?"),
        ("    sales: Head of sales\n", "", "sales has no owner"),
        ("time_zone: UTC", "time_zone: Mars/Olympus", "time zone|time_zone"),
        ("events: []", "events: []\nevent_stages: {parcel: onbording}", r"did you mean 'onboarding'\?"),
        ("format: csv", "format: csv\n    encoding: utf-9", "python knows no encoding 'utf-9'"),
        (
            "text: comment}",
            "text: comment}\n    turns: {path: a, speaker: b, text: c, customer: [d]}",
            "either columns.text or turns",
        ),
        ("lake: data/lake", "lake: [data/lake", "not YAML"),
        ("pseudonym_key_env: CXNLP_KEY", "pseudonym_key_env: s3cret value", "pseudonym_key_env"),
    ],
)
def test_a_fault_names_what_is_wrong(pipeline, old, new, told):
    with pytest.raises(ConfigError, match=told):
        load_pipeline(change(pipeline, old, new))


def test_a_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError, match="cxnlp init"):
        load_pipeline(tmp_path / "none.yaml")


def test_yaml_that_would_run_code_is_refused(pipeline):
    change(pipeline, "name: Your company", "name: !!python/object/apply:os.system ['true']")
    with pytest.raises(ConfigError, match="not YAML|could not determine a constructor"):
        load_pipeline(pipeline)
