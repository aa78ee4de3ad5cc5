"""Files in a bucket of S3, on moto's server."""

import pytest

from cxnlp.environment import read_environment
from cxnlp.errors import CxnlpError
from cxnlp.night.connecting import try_sources
from cxnlp.tables import FEEDBACK
from tests.sources.bench import Bench, same_tables

KEY, SECRET = "s3-key-1", "s3-secret-1"
LINES = "id,text,at\n{0},My parcel number {0} is late.,2026-05-18T08:00:00Z\n"


@pytest.fixture(scope="module")
def endpoint():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint, monkeypatch, request):
    """An S3 bucket with three files of a line each."""
    from s3fs import S3FileSystem

    monkeypatch.setenv("S3_KEY", KEY)
    monkeypatch.setenv("S3_SECRET", SECRET)
    files = S3FileSystem(key=KEY, secret=SECRET, endpoint_url=endpoint, skip_instance_cache=True)
    name = f"b{abs(hash(request.node.name)) % 10**9}"
    files.mkdir(name)
    for number in range(1, 4):
        files.pipe(f"{name}/in/notes_{number}.csv", LINES.format(number).encode())
    files.pipe(f"{name}/in/other.txt", b"not asked for")
    return files, name


def bench_of(folder, endpoint, name, **storage):
    source = {
        "name": "notes",
        "files": f"s3://{name}/in/*.csv",
        "storage": {"endpoint": endpoint, "key": {"env": "S3_KEY"}, "secret": {"env": "S3_SECRET"}, **storage},
        "format": "csv",
        "source_kind": "note",
        "columns": {"source_id": "id", "text": "text", "created_at": "at"},
    }
    return Bench(folder, {"feedback": [source]})


def test_files_are_read_once_and_again_where_they_changed(tmp_path, endpoint, bucket):
    files, name = bucket
    bench = bench_of(tmp_path, endpoint, name)
    assert bench.pull("notes").items == 3
    assert sorted(bench.feedback("position")) == [(f"notes_{number}.csv:2",) for number in (1, 2, 3)]
    before = bench.tables()
    assert bench.pull("notes").records == 0
    same_tables(bench.tables(), before)
    files.pipe(f"{name}/in/notes_2.csv", (LINES.format(2) + "9,Yet another one.,2026-05-19T08:00:00Z\n").encode())
    assert (bench.pull("notes").items, len(bench.lake.read(FEEDBACK))) == (1, 4)


def test_a_bucket_that_is_not_there_and_one_without_files_are_told(tmp_path, endpoint, bucket):
    files, name = bucket
    with pytest.raises(CxnlpError, match="source notes: .*nobody"):
        bench_of(tmp_path / "a", endpoint, "nobody").pull("notes")
    files.rm(f"{name}/in", recursive=True)
    with pytest.raises(CxnlpError, match="source notes: "):
        bench_of(tmp_path / "b", endpoint, name).pull("notes")


def test_a_missing_secret_is_named_and_a_server_that_is_gone_told(tmp_path, endpoint, bucket, monkeypatch):
    with pytest.raises(CxnlpError, match="cannot be listed") as told:
        bench_of(tmp_path / "a", "http://127.0.0.1:9", bucket[1], attempts=1).pull("notes")
    assert SECRET not in str(told.value)
    monkeypatch.delenv("S3_SECRET")
    with pytest.raises(CxnlpError, match="environment variable S3_SECRET is not set"):
        bench_of(tmp_path / "b", endpoint, bucket[1]).pull("notes")


def test_the_bucket_is_tried_before_anything_runs(tmp_path, endpoint, bucket):
    bench = bench_of(tmp_path, endpoint, bucket[1])
    (reached,) = try_sources(bench.settings, bench.folder, read_environment)
    assert (reached.is_ok, reached.told) == (True, "3 files")


def test_a_bucket_wants_storage(tmp_path, endpoint):
    with pytest.raises(ValueError, match="want storage"):
        bench_of(tmp_path, endpoint, "b").settings.feedback[0].model_validate(
            {
                "name": "notes",
                "files": "s3://b/*.csv",
                "format": "csv",
                "source_kind": "note",
                "columns": {"source_id": "id", "text": "text"},
            }
        )
