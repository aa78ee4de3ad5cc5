"""Secrets that a pipeline file names, read inside a flow."""

import pytest
from prefect import flow
from prefect.blocks.system import Secret as SecretBlock
from prefect.testing.utilities import prefect_test_harness

from cxnlp.errors import ConfigError
from cxnlp.web_settings import Secret
from flows.secrets import read_secret


@pytest.fixture(scope="module", autouse=True)
def prefect():
    with prefect_test_harness(server_startup_timeout=120):
        yield


@flow(name="read-secrets")
def read(*names: str) -> list[str]:
    return [read_secret(Secret(block=name)) for name in names]


@flow(name="save-secret")
def save(name: str, value: str) -> None:
    SecretBlock(value=value).save(name, overwrite=True)


def test_a_block_is_read_by_its_name_and_never_shown():
    save("help-desk-token", "from-the-block")
    assert read("help-desk-token") == ["from-the-block"]


def test_a_block_that_is_not_there_is_named():
    with pytest.raises(ConfigError, match="no Prefect block secret/no-such-token; create one"):
        read("no-such-token")


def test_a_variable_is_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("DESK_TOKEN", "from-the-environment")
    assert read_secret(Secret(env="DESK_TOKEN")) == "from-the-environment"
