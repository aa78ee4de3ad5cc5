"""Files in a container of Azure Blob, on Azurite, Microsoft's emulator."""

import base64
import socket
import subprocess
import time
from contextlib import suppress

import pytest

from cxnlp.errors import CxnlpError
from cxnlp.tables import FEEDBACK
from tests.services.test_schedule import free_port
from tests.sources.bench import Bench, same_tables

pytestmark = pytest.mark.services
ACCOUNT = "tarnlink"
KEY = base64.b64encode(b"a key of the tests, long enough").decode()
LINES = "id,text,at\n{0},My parcel number {0} is late.,2026-05-18T08:00:00Z\n"
WAIT_SECONDS = 90


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    port, folder = free_port(), tmp_path_factory.mktemp("azurite")
    command = ["azurite-blob", "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--location", str(folder)]
    environment = {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}"}
    served = subprocess.Popen(["env", *(f"{n}={v}" for n, v in environment.items()), *command, "--blobPort", str(port)])
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/{ACCOUNT}"
    finally:
        served.kill()
        served.wait()


def wait_for(port):
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise TimeoutError("Azurite did not start")


@pytest.fixture
def container(endpoint, monkeypatch):
    """A container with three files of a line each."""
    from adlfs import AzureBlobFileSystem

    monkeypatch.setenv("AZURE_KEY", KEY)
    place = f"DefaultEndpointsProtocol=http;BlobEndpoint={endpoint};AccountName={ACCOUNT};AccountKey={KEY};"
    files = AzureBlobFileSystem(connection_string=place, skip_instance_cache=True)
    files.mkdir("notes")
    for number in range(1, 4):
        files.pipe(f"notes/in/notes_{number}.csv", LINES.format(number).encode())
    yield files
    files.rm("notes", recursive=True)


def bench_of(folder, endpoint, files="az://notes/in/*.csv"):
    source = {
        "name": "notes",
        "files": files,
        "storage": {"endpoint": endpoint, "account": ACCOUNT, "account_key": {"env": "AZURE_KEY"}},
        "format": "csv",
        "source_kind": "note",
        "columns": {"source_id": "id", "text": "text", "created_at": "at"},
    }
    return Bench(folder, {"feedback": [source]})


def test_files_are_read_once_and_again_where_they_changed(tmp_path, endpoint, container):
    bench = bench_of(tmp_path, endpoint)
    assert bench.pull("notes").items == 3
    before = bench.tables()
    assert bench.pull("notes").records == 0
    same_tables(bench.tables(), before)
    container.pipe("notes/in/notes_4.csv", LINES.format(4).encode())
    assert (bench.pull("notes").items, len(bench.lake.read(FEEDBACK))) == (1, 4)


def test_a_wrong_key_is_told_without_it(tmp_path, endpoint, container, monkeypatch):
    wrong = base64.b64encode(b"planted-wrong").decode()
    monkeypatch.setenv("AZURE_KEY", wrong)
    with pytest.raises(CxnlpError, match="cannot be listed") as told:
        bench_of(tmp_path, endpoint).pull("notes")
    assert wrong not in str(told.value)
