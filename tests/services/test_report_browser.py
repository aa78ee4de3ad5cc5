"""The report in a real browser: how it looks at phone and desktop width, and that no text in it ever runs."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from cxnlp.lake import Lake
from cxnlp.publish.marts import build_marts
from cxnlp.publish.report import write_report
from tests.publish.oakline import NIGHT, TAXONOMY, build_lake, pipeline
from tests.publish.payloads import PAYLOADS

pytestmark = pytest.mark.services

SHOTS = Path(__file__).parent / "shots"
TITLE = "Oakline: what customers said, 24 May 2026"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
MAX_PRINTED_PAGES = 8
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
PLACES = ("TEXT", "SEGMENT", "FILE", "REASON", "TOUCHPOINT", "MODEL", "FAULT", "OWNER", "CODE")
FOREIGN = "script, iframe, img, object, form, input, button, base, link, video, body > meta, main style"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; `make test-services` installs it."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Oakline's report of the night."""
    folder = tmp_path_factory.mktemp("report")
    return _report(build_lake(folder / "lake"), folder)


def _report(lake: Lake, folder: Path) -> Path:
    marts = build_marts(lake, folder / "marts.duckdb", "Europe/London").path
    return write_report(marts, pipeline(folder), TAXONOMY, NIGHT, folder / "report.html")


class Visit:
    """A page that notes every request, console message and dialog."""

    def __init__(self, browser: Browser, size: str, scheme: str) -> None:
        width, height = SIZES[size]
        self.page: Page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        self.requests: list[str] = []
        self.told: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("dialog", lambda dialog: self.told.append(dialog.message))

    def open(self, file: Path) -> Page:
        """Go to a file, and open everything that can be opened."""
        self.page.goto(file.as_uri())
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        return self.page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_asks_for_nothing_says_no_error_and_never_scrolls_sideways(browser, report, size, scheme):
    visit = Visit(browser, size, scheme)
    page = visit.open(report)
    assert visit.requests == [report.as_uri()]
    assert visit.told == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.title() == TITLE
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"report-{size}-{scheme}.png", full_page=True)
    page.close()


@pytest.mark.parametrize("size", SIZES)
def test_the_first_screen_answers_what_who_cost_and_how_sure(browser, report, size):
    visit = Visit(browser, size, "light")
    visit.page.goto(report.as_uri())
    for words in ("came 4.7 times as often", "Logistics", "£168", "How sure."):
        place = visit.page.get_by_text(words).first.bounding_box()
        assert place is not None
        assert place["y"] + place["height"] <= SIZES[size][1], words
    visit.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser, report, scheme):
    """Contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3) for every element that holds text of its own."""
    visit = Visit(browser, "desktop", scheme)
    faint = visit.open(report).evaluate(CONTRAST)
    assert faint == []
    visit.page.close()


def test_prints_on_few_pages(browser, report, tmp_path):
    visit = Visit(browser, "desktop", "dark")
    visit.page.goto(report.as_uri())
    visit.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    pages = (tmp_path / "report.pdf").read_bytes().count(b"/Type /Page\n")
    assert 1 <= pages <= MAX_PRINTED_PAGES
    visit.page.close()


def test_reads_the_same_with_scripts_off(browser, report):
    with_scripts, without = browser.new_page(), browser.new_page(java_script_enabled=False)
    for page in (with_scripts, without):
        page.goto(report.as_uri())
    assert without.locator("main").inner_text() == with_scripts.locator("main").inner_text()
    with_scripts.close()
    without.close()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_text_is_shown_as_text_wherever_it_stands(browser, report, tmp_path, payload):
    marts = tmp_path / "marts.duckdb"
    shutil.copyfile(report.parent / "marts.duckdb", marts)
    _plant(marts, payload)
    file = write_report(marts, pipeline(tmp_path), TAXONOMY, NIGHT, tmp_path / "report.html")
    visit = Visit(browser, "phone", "light")
    shown = " ".join(visit.open(file).locator("body").inner_text().split())
    missing = [place for place in PLACES if f"{place} {payload}" not in shown]
    assert missing == []
    assert visit.page.title() == TITLE
    assert visit.requests == [file.as_uri()]
    assert visit.told == []
    assert visit.page.locator(FOREIGN).count() == 0
    visit.page.close()


def _plant(marts: Path, payload: str) -> None:
    """Put the payload where a hostile customer, file, pipeline or model could."""
    with duckdb.connect(marts) as connection:
        for statement, value in (
            ("UPDATE core_feedback SET text = $value WHERE source = 'chats'", f"TEXT {payload} still no courier"),
            ("UPDATE core_items SET breakdown_quote = $value, breakdown_start = 5 WHERE source = 'chats'", payload),
            ("UPDATE core_mentions SET quote = $value, quote_start = 5 WHERE source = 'chats'", payload),
            ("UPDATE mart_segment_stage SET value = $value", f"SEGMENT {payload}"),
            ("UPDATE quarantine SET file = $value", f"FILE {payload}"),
            ("UPDATE core_dropped SET reason = $value", f"REASON {payload}"),
            ("UPDATE mart_stage_touchpoint SET touchpoint = $value WHERE stage = 'loyalty'", f"TOUCHPOINT {payload}"),
            ("UPDATE runs SET model = $value", f"MODEL {payload}"),
            ("UPDATE runs SET failed_sources = $value", json.dumps({"stores": f"FAULT {payload}"})),
            ("UPDATE mart_change SET owner = $value WHERE cause = 'incorrect_charge'", f"OWNER {payload}"),
            ("UPDATE mart_ledger_week SET owner = $value WHERE cause = 'incorrect_charge'", f"OWNER {payload}"),
            ("UPDATE mart_change SET cause = $value WHERE cause = 'incorrect_charge'", f"CODE {payload}"),
            ("UPDATE mart_ledger_week SET cause = $value WHERE cause = 'incorrect_charge'", f"CODE {payload}"),
        ):
            connection.execute(statement, {"value": value})
