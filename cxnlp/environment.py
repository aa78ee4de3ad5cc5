"""Secrets by name: from the environment, or from the file `.env` of the folder that the run is started in."""

import os
from collections.abc import Callable
from pathlib import Path

from cxnlp.errors import ConfigError
from cxnlp.web_settings import Secret

SecretReader = Callable[[Secret], str]


def find_variable(variable: str) -> str:
    """Value of an environment variable or of a line of `.env`; empty where there is none."""
    return os.environ.get(variable) or _from_env_file(Path(".env"), variable)


def read_environment(secret: Secret) -> str:
    """The value of a secret that is named by an environment variable.

    :raises ConfigError: where it is not set, or is one that only a flow can read.
    """
    if secret.env is None:
        raise ConfigError(f"Prefect block secret/{secret.block} can be read in a flow only; start it by `cxnlp run`")
    value = find_variable(secret.env)
    if not value:
        raise ConfigError(f"environment variable {secret.env} is not set; put it into the environment or into .env")
    return value


def _from_env_file(path: Path, variable: str) -> str:
    if not path.is_file():
        return ""
    pairs = (line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}.get(variable, "")
