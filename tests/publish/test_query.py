from pathlib import Path

import duckdb
import pytest

from cxnlp.errors import QueryError
from cxnlp.publish.query import connect, run_query

ATTACKS = (
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_json_auto('/etc/passwd')",
    "SELECT * FROM read_parquet('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "COPY core_items TO 'out.csv'",
    "COPY (SELECT 1) TO 'out.parquet' (FORMAT parquet)",
    "COPY core_items FROM '/etc/passwd'",
    "EXPORT DATABASE 'out'",
    "IMPORT DATABASE 'out'",
    "ATTACH 'other.duckdb' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH marts",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET memory_limit",
    "SET threads = 64",
    "SET temp_directory = '/tmp'",
    "CREATE SECRET (TYPE s3)",
    "CREATE TABLE mine (x INT)",
    "DROP TABLE core_items",
    "DELETE FROM core_items",
)
ONLY_THROUGH_RUN_QUERY = (
    "SELECT 1; COPY core_items TO 'out.csv'",
    "EXPLAIN SELECT 1; COPY core_items TO 'out.csv'",
    "EXPLAIN ANALYZE COPY core_items TO 'out.csv'",
    "CREATE TEMP TABLE mine AS SELECT 1",
    "CALL pragma_version()",
    "VACUUM",
    "CHECKPOINT",
    "PREPARE p AS SELECT 1",
    "SET VARIABLE x = 1",
    "",
    "   ",
    ";",
)


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def own(marts, tmp_path, monkeypatch) -> Path:
    """A copy of the marts in a folder of its own, which is the working folder."""
    path = tmp_path / "marts.duckdb"
    path.write_bytes(marts.read_bytes())
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.parametrize("attack", ATTACKS + ONLY_THROUGH_RUN_QUERY)
def test_run_query_refuses_what_does_not_only_read_the_tables(own, attack):
    before = _tree(own.parent)
    with pytest.raises(QueryError) as told:
        run_query(own, attack)
    assert "\n" not in str(told.value)
    assert _tree(own.parent) == before


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_connection_refuses_files_extensions_and_settings_by_itself(own, attack):
    before = _tree(own.parent)
    with connect(own) as connection, pytest.raises(duckdb.Error):
        connection.execute(attack)
    assert _tree(own.parent) == before


def test_python_variables_are_out_of_reach(own):
    secrets = duckdb.sql("SELECT 'hidden' AS word").df()  # a frame that a replacement scan would find by its name
    with pytest.raises(QueryError, match="secrets does not exist"):
        run_query(own, "SELECT * FROM secrets")
    assert len(secrets) == 1


def test_answers_one_question_with_names_types_and_rows(marts):
    result = run_query(
        marts, "SELECT owner, sum(contacts)::BIGINT AS contacts FROM mart_ledger_week GROUP BY 1 ORDER BY 2 DESC"
    )
    assert result.columns == ("owner", "contacts")
    assert result.types == ("VARCHAR", "BIGINT")
    assert result.rows[:2] == (("Logistics", 199), ("Finance", 116))
    assert not result.is_cut


@pytest.mark.parametrize(
    "sql", ["SHOW TABLES", "DESCRIBE core_items", "SUMMARIZE core_items", "EXPLAIN SELECT 1", "FROM runs", "VALUES (1)"]
)
def test_what_only_looks_is_answered(marts, sql):
    assert run_query(marts, sql).rows


def test_rows_beyond_the_limit_are_left_off_and_said_so(marts):
    result = run_query(marts, "SELECT range FROM range(100)", max_rows=3)
    assert result.rows == ((0,), (1,), (2,))
    assert result.is_cut


def test_a_query_without_end_is_stopped_with_a_message(marts):
    endless = "WITH RECURSIVE t AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t"
    with pytest.raises(QueryError, match=r"stopped after 0\.2 s; ask for less"):
        run_query(marts, endless, seconds=0.2)


def test_a_query_that_wants_too_much_memory_ends_with_a_message(marts):
    with pytest.raises(QueryError, match="needs more than 1GB of memory"):
        run_query(marts, "SELECT list(r.range || repeat('x', 1000)) FROM range(3000000) AS r", seconds=30)


@pytest.mark.parametrize(
    ("sql", "remedy"),
    [
        ("SELECT * FROM core_itms", "did you mean 'core_items'?"),
        ("SELECT * FROM current_item", "did you mean 'current_items'?"),
        ("SELECT sentimnt FROM core_items", "did you mean 'sentiment'?"),
        ("SELECT i.sentimnt FROM core_items AS i", "sentiment"),
        ("SELEC 1", "syntax error"),
        ("SELECT date_trunc('day', at) FROM journey", 'the column "at" is written in quotes'),
    ],
)
def test_a_misspelt_query_is_told_in_one_line_with_the_likeliest_remedy(marts, sql, remedy):
    with pytest.raises(QueryError) as told:
        run_query(marts, sql)
    assert remedy in str(told.value)
    assert "\n" not in str(told.value)


def test_no_words_of_a_customer_stand_in_an_error(marts):
    with pytest.raises(QueryError) as told:
        run_query(marts, "SELECT CAST(text AS INTEGER) FROM current_items WHERE item_id = 'tickets-02'")
    assert "oak table" not in str(told.value)
    assert "INT32" in str(told.value)


def test_a_missing_database_is_told_with_what_makes_it(tmp_path):
    with pytest.raises(QueryError, match="no marts database here; `cxnlp run PIPELINE` makes it"):
        connect(tmp_path / "marts.duckdb")


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "marts.duckdb").write_bytes(b"not a database at all" * 300)
    with pytest.raises(QueryError, match="cannot be opened"):
        connect(tmp_path / "marts.duckdb")
