"""The model folder: what `config.yaml` says, and the check that the files are the ones it speaks of."""

import hashlib
from pathlib import Path

import yaml
from pydantic import Field, ValidationError, model_validator

from cxnlp.config import Strict
from cxnlp.errors import ModelError

CONFIG_FILE, ENCODER_FILE, TOKENIZER_FILE, HEADS_FILE = (
    "config.yaml",
    "encoder.onnx",
    "tokenizer.json",
    "heads.safetensors",
)


class HeadCodes(Strict):
    """Codes by their row in the heads; `none` is the last domain, causes are domain/cause without none/none."""

    stages: tuple[str, ...]
    touchpoints: tuple[str, ...]
    demands: tuple[str, ...]
    domains: tuple[str, ...]
    causes: tuple[str, ...]


class Temperatures(Strict):
    """Logits are divided by these before the softmax (Guo et al., 2017); fitted on held-out items."""

    first: float = Field(gt=0)
    presence: float = Field(gt=0)
    stage: float = Field(gt=0)
    mention_sentiment: float = Field(gt=0)
    sentiment: float = Field(gt=0)
    demand: float = Field(gt=0)
    domain: float = Field(gt=0)
    cause: float = Field(gt=0)


class ModelThresholds(Strict):
    """A probability under its threshold is an abstention; all chosen on held-out items."""

    mention: float = Field(ge=0, le=1, description="Presence from which a touchpoint that is not the first is told.")
    touchpoint: float = Field(ge=0, le=1)
    stage: float = Field(ge=0, le=1)
    mention_sentiment: float = Field(ge=0, le=1)
    sentiment: float = Field(ge=0, le=1)
    demand: float = Field(ge=0, le=1)
    domain: float = Field(ge=0, le=1)
    cause: float = Field(ge=0, le=1)


class ModelConfig(Strict):
    """Everything about a model that is not a weight."""

    model_id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    format: int = Field(ge=1, le=1, description="Layout of the folder and the heads that this code reads.")
    window_tokens: int = Field(ge=16, le=500)
    codes: HeadCodes
    temperatures: Temperatures
    thresholds: ModelThresholds
    sha256: dict[str, str]

    @model_validator(mode="after")
    def _hashes_are_of_the_three_files(self) -> "ModelConfig":
        wanted = {ENCODER_FILE, TOKENIZER_FILE, HEADS_FILE}
        if set(self.sha256) != wanted:
            raise ValueError(f"sha256 must name {', '.join(sorted(wanted))}")
        return self


def read_model_config(folder: Path) -> ModelConfig:
    """Read `config.yaml` of a model folder and check the hash of every file that it names.

    :raises ModelError: where the folder, a file or a key is missing, or a file's bytes are not those it was made with.
    """
    path = folder / CONFIG_FILE
    if not path.is_file():
        raise ModelError(f"{folder}: no {CONFIG_FILE} there; a model folder such as models/default is wanted")
    try:
        config = ModelConfig.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise ModelError(f"{path}: not YAML: {' '.join(str(error).split())}; restore the model folder") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ModelError(f"{path}: {faults}; restore the model folder") from error
    for name, wanted in config.sha256.items():
        if not (folder / name).is_file():
            raise ModelError(f"{folder}: {name} is missing; restore the model folder")
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != wanted:
            raise ModelError(
                f"{folder / name}: sha256 is {found[:12]}, config.yaml wants {wanted[:12]}; restore the model folder"
            )
    return config
