import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from cxnlp.errors import QueryError
from cxnlp.lake import Lake
from cxnlp.publish.marts import build_marts
from cxnlp.publish.query import run_query
from cxnlp.publish.report import write_report
from cxnlp.tables import CHANGE
from tests.publish.oakline import CHANGES, NIGHT, TAXONOMY, build_lake, pipeline

TEMPLATES = Path(__file__).parents[2] / "cxnlp" / "publish" / "templates"
MAX_BYTES = 500_000


class Outline(HTMLParser):
    """What a page is made of: tags with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def _written(marts: Path, folder: Path) -> str:
    return write_report(marts, pipeline(folder), TAXONOMY, NIGHT, folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(marts: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _written(marts, tmp_path_factory.mktemp("report"))


@pytest.fixture
def rewritten(tmp_path: Path) -> Callable[[Callable[[Lake], None]], str]:
    """Writes the report of a lake that a test has changed."""

    def write(change: Callable[[Lake], None]) -> str:
        lake = build_lake(tmp_path / "lake")
        change(lake)
        return _written(build_marts(lake, tmp_path / "marts.duckdb", "UTC").path, tmp_path)

    return write


def test_the_first_screen_says_what_got_worse_who_owns_it_what_it_costs_and_how_sure(page):
    first = Outline(page.split('id="figures"')[0]).text
    assert "\u201cLost or missing\u201d came 4.7 times as often in the last seven days." in first
    assert "leads 2 breakdowns that got worse beyond chance. Their contacts cost £270 in seven days" in first
    assert "Who owns it Logistics What it costs £168" in first
    assert "4.7 times as often, 95\xa0% interval 2.7 to 8.0; false alarm rate below 0.1%" in first.replace(
        "95 %", "95\xa0%"
    )
    assert first.index("Logistics") < first.index("Finance")
    assert "sampling error only" in first
    assert "Got better beyond chance: misleading claim (Marketing, 0.2 times as often)." in first


def test_says_plainly_when_nothing_got_worse_beyond_chance(rewritten):
    def calm(lake: Lake) -> None:
        changes = lake.read(CHANGE)
        lake.replace_all(CHANGE, CHANGE.typed(changes.assign(q_value=0.4)))

    text = Outline(rewritten(calm)).text
    assert "Nothing got worse beyond chance." in text
    assert f"{len(CHANGES)} breakdowns of the last seven days were held against the four weeks before." in text
    assert "Lost or missing fulfilment Who owns it Logistics What it costs £168" in text
    assert "No change beyond chance: 4.7 times as often" in text


def test_a_breakdown_that_never_was_before_is_called_new(rewritten):
    def new(lake: Lake) -> None:
        changes = lake.read(CHANGE)
        unheard = changes.assign(contacts_before=0, rate_ratio=float("inf"), rate_ratio_high=float("inf"))
        lake.replace_all(CHANGE, CHANGE.typed(unheard))

    text = Outline(rewritten(new)).text
    assert "\u201cLost or missing\u201d is new in the last seven days." in text
    assert "None in the four weeks before, 95" in text


def test_an_empty_lake_gives_a_whole_page(tmp_path):
    marts = build_marts(Lake(tmp_path / "lake"), tmp_path / "marts.duckdb", "UTC").path
    text = Outline(_written(marts, tmp_path)).text
    for said in (
        "Nothing got worse beyond chance.",
        "No failure contact has been traced yet.",
        "No breakdown has been",
    ):
        assert said in text


def test_every_statement_it_shows_runs_on_the_marts(page, marts):
    statements = [unescape(found) for found in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL)]
    assert len(statements) == 16
    for statement in statements:
        run_query(marts, statement)


def test_its_numbers_are_the_answers_of_those_statements(page, marts):
    text = Outline(page).text
    owners = next(unescape(s) for s in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL) if "chained" in s)
    for owner, contacts, chains, _, cost, *_ in run_query(marts, owners).rows:
        assert f"{owner} £{cost:,.0f} {contacts:,} {chains:,}" in text


def test_the_parts_come_in_the_order_of_a_readers_questions(page):
    places = re.findall(r'<section id="(\w+)"', page)
    assert places == ["worse", "figures", "map", "ledger", "breakdowns", "service", "sources", "method"]


def test_each_worst_breakdown_has_up_to_three_quotes_with_the_evidence_marked_in_its_sentence(page):
    part = page.split('id="breakdowns"')[1].split('id="service"')[0]
    assert part.count('<article class="breakdown">') == 5
    lost = part.split("<article")[1]
    assert lost.count("<blockquote>") == 3
    assert "legs.</mark>" not in lost
    assert "<mark>The box came, the legs did not</mark>, and I have a party on Saturday." in lost
    assert "tickets-01" in lost
    assert "22 May 2026" in lost
    assert "RT @oakline" not in lost


def test_duplicates_are_quoted_once(page):
    assert page.count("my bed is lost somewhere between your depot and mine") == 1


def test_tells_where_experience_is_bad_though_service_is_good(page):
    text = Outline(page.split('id="service"')[1].split('id="sources"')[0]).text
    assert "Invoice payment 1 \u22122.0" in text
    assert "<mark>Delivery was three weeks late</mark>, but Anya in the help team" in page


def test_tells_what_became_of_the_nights_records_and_which_source_failed(page):
    text = Outline(page.split('id="sources"')[1]).text
    assert "stores could not be read. stores/*.xlsx: no file matches; is the folder mounted?" in text
    assert "61 records came in: 14 new or changed items, 44 known already, 1 dropped, 2 quarantined." in text
    assert "Bad date 2 quarantined chats chats.csv" in text
    assert "Empty text 1 dropped nps nps.csv" in text


def test_a_cause_that_is_unsure_is_told_by_its_domain_and_has_no_quotes(page):
    ledger = Outline(page.split('id="ledger"')[1].split('id="breakdowns"')[0]).text
    assert "Nobody yet £396 72" in ledger
    assert "cannot tell 72" in ledger
    assert "unsure" not in re.sub(r"<pre>.*?</pre>", "", page.split('id="breakdowns"')[1], flags=re.DOTALL)


def test_only_groups_beyond_their_own_sampling_error_stand_out(page):
    part = Outline(page.split("Who is hit hardest")[1].split('id="ledger"')[0]).text
    assert "3 groups were compared; about 1 would stand out by chance alone" in part
    assert "north region Onboarding 41 53%" in part
    assert "south" not in part


def test_costs_stand_beside_their_source(page):
    assert page.count("Oakline&#39;s own figures of 2025, overhead included.") == 2


def test_is_one_small_page_that_asks_for_nothing_and_holds_no_script(page):
    outline = Outline(page)
    assert len(page.encode()) < MAX_BYTES
    assert not {"script", "link", "iframe", "object", "embed", "img", "base", "form"} & {tag for tag, _ in outline.tags}
    reached = [value for _, attributes in outline.tags for name, value in attributes.items() if name in ("src", "href")]
    assert all(value and value.startswith("#") for value in reached)
    assert not [name for _, attributes in outline.tags for name in attributes if name.startswith("on")]
    assert "url(" not in page
    assert "@import" not in page
    policy = next(a["content"] for a in outline.named("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def test_every_chart_says_in_words_what_it_shows(page):
    for attributes in Outline(page).named("svg"):
        assert attributes.get("aria-hidden") == "true" or (attributes["role"] == "img" and attributes["aria-label"])
    assert page.count("<title>") == 1 + page.count('role="img"')


def test_headings_go_down_one_step_at_a_time_and_table_headers_have_a_scope(page):
    outline = Outline(page)
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))
    assert all(attributes.get("scope") in ("col", "row") for attributes in outline.named("th"))


def test_no_template_lets_text_through_unescaped():
    for template in TEMPLATES.iterdir():
        found = re.findall(
            r"\|\s*safe|autoescape|Markup|<script|javascript:|style=", template.read_text(encoding="utf-8")
        )
        assert found == [], template.name


def test_the_same_marts_give_the_same_page(page, marts, tmp_path):
    assert _written(marts, tmp_path) == page


def test_marts_of_another_version_are_told_and_no_half_page_is_left(tmp_path):
    with duckdb.connect(tmp_path / "marts.duckdb") as connection:
        connection.execute("CREATE TABLE other (x INT)")
    with pytest.raises(QueryError, match="build the marts with this version"):
        _written(tmp_path / "marts.duckdb", tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["marts.duckdb"]
