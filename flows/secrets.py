"""Secrets that a pipeline file names: from the environment, or from Prefect's Secret blocks."""

from typing import cast

from prefect.blocks.system import Secret as SecretBlock

from cxnlp.environment import read_environment
from cxnlp.errors import ConfigError
from cxnlp.web_settings import Secret


def read_secret(secret: Secret) -> str:
    """The value of a secret.

    :raises ConfigError: naming the variable or block that is not there.
    """
    if secret.block is None:
        return read_environment(secret)
    try:
        block = cast("SecretBlock[str]", SecretBlock.load(secret.block))
    except ValueError as error:
        raise ConfigError(
            f"no Prefect block secret/{secret.block}; create one of type Secret under that name (prefect block)"
        ) from error
    return str(block.get())
