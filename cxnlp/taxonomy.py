"""The codes as one frozen object; an unknown code is refused with the nearest one."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from cxnlp.errors import ConfigError, UnknownCode

SENTIMENTS = (-2, -1, 0, 1, 2)
SUPPORT = "support"  # the stage whose mentions make the service sentiment
NONE = "none"


@dataclass(frozen=True)
class Taxonomy:
    """Stages, touchpoints, demands and breakdowns, each code with its definition."""

    version: int
    stages: dict[str, str]
    touchpoints: dict[str, str]
    sentiments: dict[str, str]
    demands: dict[str, str]
    breakdowns: dict[str, dict[str, str]]

    @property
    def domains(self) -> tuple[str, ...]:
        """Breakdown domains in the order of the file, `none` among them."""
        return tuple(self.breakdowns)

    @property
    def causes(self) -> tuple[tuple[str, str], ...]:
        """Every (domain, cause) pair in the order of the file."""
        return tuple((domain, cause) for domain, causes in self.breakdowns.items() for cause in causes)

    def check_stage(self, code: str, where: str) -> None:
        """Raise `UnknownCode` unless `code` is a stage; `where` names file and line."""
        _check("stage", code, where, self.stages)

    def check_touchpoint(self, code: str, where: str) -> None:
        """Raise `UnknownCode` unless `code` is a touchpoint."""
        _check("touchpoint", code, where, self.touchpoints)

    def check_demand(self, code: str, where: str) -> None:
        """Raise `UnknownCode` unless `code` is a demand."""
        _check("demand", code, where, self.demands)

    def check_breakdown(self, domain: str, cause: str, where: str) -> None:
        """Raise `UnknownCode` unless `cause` belongs to `domain`."""
        _check("breakdown domain", domain, where, self.breakdowns)
        _check(f"cause of {domain}", cause, where, self.breakdowns[domain])


def _check(kind: str, code: str, where: str, known: dict[str, str] | dict[str, dict[str, str]]) -> None:
    if code not in known:
        raise UnknownCode(kind, code, where, known)


def load_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy file.

    :raises ConfigError: where the file is missing, is not YAML, or lacks a section.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such taxonomy file; pipelines/taxonomy.yaml is the default one") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    wanted = ("version", "stages", "touchpoints", "sentiment", "demand", "breakdowns")
    missing = [section for section in wanted if not isinstance(raw, dict) or section not in raw]
    if missing:
        raise ConfigError(f"{path}: lacks {', '.join(missing)}; a taxonomy has {', '.join(wanted)}")
    breakdowns = {str(domain): dict(causes) for domain, causes in raw["breakdowns"].items()}
    return Taxonomy(raw["version"], raw["stages"], raw["touchpoints"], raw["sentiment"], raw["demand"], breakdowns)
