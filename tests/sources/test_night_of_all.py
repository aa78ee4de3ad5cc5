"""A whole night with every proved source at once: two fail, nothing leaves the machine, no secret is told."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL
from prefect.testing.utilities import prefect_test_harness

from cxnlp.cli import SOURCE_FAILED, _exit_code
from cxnlp.lake import Lake
from cxnlp.tables import FEEDBACK, RUNS
from flows.nightly import nightly
from flows.run import SourcesFailed
from tests.sources.bench import write_pipeline
from tests.sources.cases import PROVED
from tests.vendors.server import Vendor

NIGHT = "2026-05-24"
LOCAL = {"localhost", socket.gethostname(), "", None}


@pytest.fixture(scope="module", autouse=True)
def prefect():
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def vendors() -> Iterator[dict[str, Vendor]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(case.fill().serving()) for name, case in PROVED.items()}


@pytest.fixture
def pipeline(tmp_path, vendors, monkeypatch):
    """A pipeline file of all proved sources, in the folder that the test stands in."""
    feedback = []
    for name, case in PROVED.items():
        case.sign_in(monkeypatch)
        feedback += case.bench(tmp_path / name, vendors[name]).parts["feedback"]
    monkeypatch.setenv("CXNLP_KEY", "planted-key-of-the-hashes")
    monkeypatch.chdir(tmp_path)
    return write_pipeline(tmp_path, feedback)


@pytest.fixture
def tried(monkeypatch) -> list[str]:
    """Addresses and names outside this machine that anything tried to reach; each attempt is refused."""
    outside: list[str] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def refuse(place: str) -> None:
        outside.append(place)
        raise OSError("this test has no network")

    def guarded_connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            refuse(str(address[0]))
        connect(self, address)

    def guarded_look_up(host: object, *rest: object, **more: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in LOCAL and not _is_loopback(str(name)):
            refuse(str(name))
        return look_up(host, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    return outside


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return name in LOCAL


def _files_with(secret: str, *folders: Path) -> list[str]:
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in found if secret.encode() in path.read_bytes()]


def test_a_night_with_two_failing_sources_keeps_the_rest_and_the_next_one_catches_up(
    pipeline, vendors, tried, tmp_path, capfd
):
    failing = sorted(PROVED)[:2]
    for name in failing:
        vendors[name].strike("500", times=99, after=1)
    with pytest.raises(SourcesFailed, match=r"2 source\(s\) failed") as told:
        nightly(str(pipeline), NIGHT)
    assert sorted(told.value.summary.failed_sources) == failing
    assert _exit_code(told.value) == SOURCE_FAILED
    lake = Lake(tmp_path / "lake")
    whole = set(PROVED) - set(failing)
    assert {name: n for name, n in _counts(lake).items() if name in whole} == {n: PROVED[n].n_items for n in whole}
    for name in failing:
        vendors[name].faults.clear()
    nightly(str(pipeline), NIGHT)
    assert _counts(lake) == {name: case.n_items for name, case in PROVED.items()}
    assert sorted(lake.read(RUNS)["status"]) == ["done", "source_failed"]
    assert tried == []
    _no_secret_is_told(tmp_path, "".join(capfd.readouterr()))


def _counts(lake: Lake) -> dict[str, int]:
    return lake.read(FEEDBACK, ["source"])["source"].value_counts().to_dict()


def _no_secret_is_told(folder: Path, output: str) -> None:
    """Assert that no secret stands in the output, the lake, the marts, the report or Prefect's own database."""
    database = PREFECT_API_DATABASE_CONNECTION_URL.value() or ""
    secrets = {value for case in PROVED.values() for value in case.variables.values()} | {"planted-key-of-the-hashes"}
    for secret in secrets:
        assert secret not in output
        assert _files_with(secret, folder, Path(database.split("///")[-1]).parent) == []
