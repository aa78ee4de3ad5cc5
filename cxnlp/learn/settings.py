"""What a retrain file may say."""

from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from cxnlp.config import Strict
from cxnlp.errors import ConfigError


class Round(Strict):
    """One round of training."""

    epochs: int = Field(gt=0)
    learning_rate: float = Field(gt=0, description="Of the encoder's last layer.")
    stop_after: int | None = Field(default=None, gt=0, description="Epochs run of those the rates are planned for.")


class UnlabelledRound(Round):
    """The round on texts that the teacher read: how many, drawn by the seed, and how much of each."""

    most_items: int = Field(gt=0)
    most_characters: int = Field(gt=0)


class RetrainSettings(Strict):
    """The whole account of a training, but for the label files."""

    taxonomy: Path
    model_id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    seed: int = Field(ge=0)
    held_out_share: float = Field(gt=0, lt=0.5)
    token_limit: int = Field(ge=16, le=500)
    kind_dropout: float = Field(ge=0, le=1)
    wrong_cost: float = Field(gt=1, description="Cost of a wrong code, in abstentions.")
    teacher: Round
    unlabelled: UnlabelledRound
    student: Round
    student_share: float = Field(ge=0, le=1, description="Of the student in its average with the teacher.")


def load_settings(path: Path) -> RetrainSettings:
    """Read and check a retrain file.

    :raises ConfigError: naming the file and every bad key.
    """
    try:
        return RetrainSettings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such settings file; pipelines/retrain.yaml is the default one") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"{path}: {faults}") from error
