"""A mailbox on a real IMAP server: pulls, increments, cut lines, hostile messages."""

from datetime import date, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxnlp.collect.mail.messages import read_message
from cxnlp.environment import read_environment
from cxnlp.errors import CxnlpError
from cxnlp.night.connecting import try_sources
from cxnlp.night.context import Window
from cxnlp.tables import CURSORS, FEEDBACK
from tests.sources.bench import Bench, read_source, same_tables
from tests.vendors.mailserver import PASSWORD, USER, Line, Mailbox, mail_server

MAY = datetime.fromisoformat("2026-05-18T08:00:00+00:00").timestamp()
HOUR = 3600


@pytest.fixture(autouse=True)
def _credentials(monkeypatch):
    monkeypatch.setenv("MAIL_USER", USER)
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)


def letter(number: int, words: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = f"Customer <c{number}@example.org>"
    message["To"] = "help@tarnlink.example"
    message["Subject"] = f"Parcel {number}"
    message["Message-ID"] = f"<{number}@example.org>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(words or f"My parcel number {number} has not come, it is late again.")
    return message.as_bytes()


@pytest.fixture(scope="module")
def server():
    with mail_server() as port:
        yield port


@pytest.fixture
def line(server):
    """The way to a mailbox with five messages."""
    with Line(server).serving() as line:
        mailbox = Mailbox(server)
        mailbox.start_anew()
        for number in range(1, 6):
            mailbox.put(letter(number), MAY + number * HOUR)
        line.mailbox = mailbox
        yield line


@pytest.fixture
def bench(tmp_path, line):
    return bench_of(tmp_path / "one", line)


def bench_of(root, line, **options):
    def change(entry):
        here = {"host": "127.0.0.1", "port": line.port, "encryption": "none", "backoff_seconds": 0}
        entry["mail"] |= {**here, "timeout_seconds": 10, **options}

    return Bench(root, {"feedback": read_source("mail", change)["feedback"]})


def test_a_full_pull_takes_every_message_and_a_second_one_changes_nothing(bench, line):
    receipt = bench.pull("mail")
    assert (receipt.records, receipt.items) == (5, 5)
    row = bench.lake.read(FEEDBACK).set_index("source_id").loc["<2@example.org>"]
    assert row["text"] == "Parcel 2\nMy parcel number 2 has not come, it is late again."
    assert (row["channel"], row["created_at"].isoformat()) == ("mail", "2026-05-18T10:00:00+00:00")
    assert bench.lake.read(FEEDBACK)["customer_key"].nunique() == 5
    before, version = bench.tables(), bench.lake.version(FEEDBACK)
    assert bench.pull("mail").records == 0
    assert bench.lake.version(FEEDBACK) == version
    same_tables(bench.tables(), before)


def test_an_increment_takes_what_came_since(bench, line):
    bench.pull("mail")
    line.mailbox.put(letter(6, In_Reply_To="<2@example.org>"), MAY + 9 * HOUR)
    assert (bench.pull("mail").records, len(bench.lake.read(FEEDBACK))) == (1, 6)


def test_a_folder_that_counts_anew_is_read_anew_and_nothing_doubles(bench, line):
    bench.pull("mail")
    before = bench.lake.read(CURSORS)["value"].tolist()
    line.mailbox.start_anew()
    for number in (3, 7):
        line.mailbox.put(letter(number), MAY + number * HOUR)
    bench.pull("mail")
    assert len(bench.lake.read(FEEDBACK)) == 6
    assert bench.lake.read(CURSORS)["value"].tolist() != before


def test_a_message_that_is_tidied_away_stays(bench, line):
    bench.pull("mail")
    before = bench.tables()
    line.mailbox.empty()
    bench.pull("mail")
    same_tables(bench.tables(), before)


@pytest.mark.parametrize("after", [0, 10, 300, 900, 1500])
def test_a_line_that_is_cut_twice_leaves_no_mark(tmp_path, bench, line, after):
    bench.pull("mail")
    other = bench_of(tmp_path / "other", line)
    line.cuts = [after, after]
    other.pull("mail")
    assert line.cuts == []
    same_tables(other.tables(), bench.tables())


def test_a_line_that_stays_cut_is_told_and_the_next_pull_catches_up(tmp_path, bench, line):
    bench.pull("mail")
    other = bench_of(tmp_path / "other", line)
    line.cuts = [900] * 99
    with pytest.raises(CxnlpError, match="source mail: no answer from 127.0.0.1"):
        other.pull("mail")
    line.cuts = []
    other.pull("mail")
    same_tables(other.tables(), bench.tables())


def test_a_wrong_password_is_told_without_it_and_a_missing_one_is_named(bench, monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", "planted-wrong")
    with pytest.raises(CxnlpError, match="refused the sign-in") as told:
        bench.pull("mail")
    assert "planted" not in str(told.value)
    monkeypatch.delenv("MAIL_PASSWORD")
    with pytest.raises(CxnlpError, match="environment variable MAIL_PASSWORD is not set"):
        bench.pull("mail")


def test_a_folder_that_is_not_there_is_told(tmp_path, line):
    with pytest.raises(CxnlpError, match="no folder 'Help'"):
        bench_of(tmp_path, line, folder="Help").pull("mail")


def test_a_private_address_is_refused_unless_its_port_is_named(tmp_path, line):
    bench = bench_of(tmp_path, line)
    entry = bench.parts["feedback"][0]
    entry["mail"].pop("port")
    refused = Bench(tmp_path / "refused", {"feedback": [entry]})
    with pytest.raises(CxnlpError, match="address that is not public"):
        refused.pull("mail")


def test_a_long_message_is_read_as_far_as_it_may_be(tmp_path, line):
    line.mailbox.put(letter(8, "It is late. " + "x" * 200_000), MAY + 9 * HOUR)
    bench = bench_of(tmp_path, line, max_message_bytes=10_000)
    assert bench.pull("mail").items == 6
    rows = bench.lake.read(FEEDBACK).set_index("source_id")
    assert 9_000 < len(rows.loc["<8@example.org>", "text"]) < 10_000


def test_a_backfill_over_the_same_days_changes_nothing(bench):
    bench.pull("mail")
    before = bench.tables()
    bench.pull("mail", window=Window(date(2026, 5, 1), date(2026, 5, 31)))
    same_tables(bench.tables(), before)


def test_the_mailbox_is_tried_before_anything_runs(bench):
    (reached,) = try_sources(bench.settings, bench.folder, read_environment)
    assert (reached.is_ok, reached.told) == (True, "5 messages in INBOX")


def test_html_charsets_and_encoded_words_are_opened_and_attachments_left_out():
    raw = (
        b"Subject: =?iso-8859-1?q?Stra=DFe?=\r\nFrom: =?utf-8?b?w4Q=?= <A@Example.org>\r\n"
        b"Date: Mon, 18 May 2026 10:00:00 +0200\r\nReferences: <first@x> <2@x>\r\n"
        b"Auto-Submitted: auto-replied\r\nContent-Type: multipart/mixed; boundary=b"
        b"\r\n\r\n"
        b"--b\r\nContent-Type: text/html; charset=cp1252\r\n\r\n<p>It costs 5 \x80</p>\r\n"
        b"--b\r\nContent-Type: text/plain; charset=nobody-knows\r\nContent-Disposition: attachment\r\n\r\n"
        b"secret\r\n--b--\r\n"
    )
    assert read_message(raw, "INBOX-1-2") == {
        "message_id": "INBOX-1-2",
        "thread": "<first@x>",
        "from": "a@example.org",
        "to": None,
        "subject": "Straße",
        "date": "2026-05-18T10:00:00+02:00",
        "text": "<p>It costs 5 €</p>",
        "is_automatic": True,
    }


def test_parts_within_parts_without_end_are_no_fault():
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000))
    assert read_message(raw, "1")["text"] == ""


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"Subject: =?", b"Content-Type: ", b"From: ", b"Date: "]))
def test_no_bytes_break_a_message(noise, header):
    assert read_message(header + noise, "1")["message_id"]
