"""Records that mean harm: huge fields, hostile field names, bottomless nesting, values of other kinds."""

import json

import pytest

from cxnlp.errors import CxnlpError
from cxnlp.tables import FEEDBACK, QUARANTINE
from tests.sources.bench import QUICK, Bench
from tests.vendors.server import Answer, Vendor

SOUND = {"id": 1, "at": "2026-05-01", "said": "My parcel has not come and it is late again."}
NAMES = [
    "__class__",
    "'; drop table core_feedback; --",
    "a\nINFO all is well",
    "</script>",
    "x" * 100_000,
    "\u202etxt",
    "",
]


class Listing(Vendor):
    """Gives one page of records, as a test wants them."""

    def __init__(self, records: list[object]) -> None:
        super().__init__()
        self.records = records

    def answer(self, asked):
        return Answer({"items": self.records})


def bench_of(folder, vendor, **bounds):
    source = {
        "name": "posts",
        "source_kind": "social",
        "api": {
            "base_url": vendor.url,
            "path": "posts",
            "records": "items",
            "paginator": {"kind": "single_page"},
            "bounds": {**QUICK, "timeout_seconds": 30, **bounds},
        },
        "columns": {"source_id": "id", "created_at": "at", "text": "said"},
        "segments": {"place": "place"},
    }
    return Bench(folder, {"feedback": [source]})


def pulled(folder, records):
    with Listing(records).serving() as vendor:
        bench = bench_of(folder, vendor)
        bench.pull("posts")
        reasons = bench.lake.read(QUARANTINE)["reason"].tolist()
        return bench.lake.read(FEEDBACK), reasons


def test_a_field_of_20_mb_costs_its_own_record(tmp_path):
    items, reasons = pulled(tmp_path, [SOUND, {**SOUND, "id": 2, "said": "x" * 20_000_000}])
    assert (items["item_id"].tolist(), reasons) == (["posts-1"], ["field_too_long"])


def test_field_names_that_mean_harm_are_not_looked_at(tmp_path):
    items, reasons = pulled(tmp_path, [{**SOUND, **dict.fromkeys(NAMES, "boo")}])
    assert (items["item_id"].tolist(), reasons) == (["posts-1"], [])
    assert "boo" not in items.to_json()


def test_field_names_that_mean_harm_stand_in_no_message(tmp_path):
    records = [dict.fromkeys(NAMES, 1) | {"idd": 1, "ats": "x"}]
    with Listing(records).serving() as vendor, pytest.raises(CxnlpError, match="missing_column") as told:
        bench_of(tmp_path, vendor).pull("posts")
    assert len(str(told.value)) < 400
    assert str(told.value).isprintable()
    assert "drop table" not in str(told.value)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("said", {"a": 1}, "bad_text"),
        ("said", ["x"], "bad_text"),
        ("id", {"a": 1}, "bad_id"),
        ("id", "x" * 1_000, "bad_id"),
        ("id", "a\nb", "bad_id"),
        ("at", ["2026-05-01"], "bad_date"),
        ("at", 10**400, "bad_date"),
        ("at", "2199-01-01", "future_date"),
    ],
)
def test_a_value_of_another_kind_costs_its_own_record(tmp_path, field, value, reason):
    items, reasons = pulled(tmp_path, [SOUND, {**SOUND, "id": 2, field: value}])
    assert (items["item_id"].tolist(), reasons) == (["posts-1"], [reason])


def test_what_is_no_object_is_passed_over(tmp_path):
    items, _ = pulled(tmp_path, [SOUND, 7, "x", None, [SOUND]])
    assert items["item_id"].tolist() == ["posts-1"]


def test_nesting_without_end_in_a_field_is_refused(tmp_path):
    body = (
        json.dumps({"items": [SOUND]})
        .encode()
        .replace(b'"id": 1', b'"id": 1, "deep": ' + b"[" * 90_000 + b"]" * 90_000)
    )

    class Deep(Listing):
        def answer(self, asked):
            return Answer(body)

    with Deep([]).serving() as vendor, pytest.raises(CxnlpError, match="is not JSON"):
        bench_of(tmp_path, vendor).pull("posts")
