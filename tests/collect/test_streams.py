import gzip

from cxnlp.collect import streams

from .conftest import zipped

CONTENT = b"id,text\n" + b"".join(b"%d,words of customer %d\n" % (n, n * 7919) for n in range(20_000))


def test_gzip_is_opened_on_the_way_member_after_member(rows_of):
    content = zipped(b"id,text\n1,a\n") + zipped(b"2,b\n") + b"\0" * 100
    assert rows_of(content, name="f.csv.gz") == [("f.csv.gz:2", "1", "a"), ("f.csv.gz:3", "2", "b")]


def test_of_a_truncated_gzip_the_rows_before_the_end_are_kept(rows_of):
    whole = zipped(CONTENT)
    found = rows_of(whole[: len(whole) // 2], name="f.csv.gz")
    everything = rows_of(whole, name="f.csv.gz")
    assert found[-1] == ("f.csv.gz", "truncated")
    assert 1_000 < len(found) - 1 < 20_000
    assert found[:-1] == everything[: len(found) - 1]


def test_damage_in_the_middle_of_a_gzip_is_told(rows_of):
    damaged = bytearray(zipped(CONTENT))
    damaged[-6] ^= 255  # in the checksum
    assert rows_of(bytes(damaged), name="f.csv.gz")[-1] == ("f.csv.gz", "damaged_gzip")


def test_a_file_that_only_claims_to_be_gzip_is_told(rows_of):
    assert rows_of(b"id,text\n1,a\n", name="f.csv.gz") == [("f.csv.gz", "damaged_gzip")]


def test_a_gzip_bomb_is_stopped_by_its_ratio(rows_of, monkeypatch):
    monkeypatch.setattr(streams, "RATIO_FROM_BYTES", 100_000)
    bomb = gzip.compress(b"id,text\n" + b"1,a\n" * 500_000, mtime=0)
    found = rows_of(bomb, name="f.csv.gz")
    assert found[-1] == ("f.csv.gz", "too_large")
    assert len(found) < 200_000


def test_an_empty_gzip_is_an_empty_file(rows_of):
    assert rows_of(zipped(b""), name="f.csv.gz") == [("f.csv.gz", "empty_file")]
