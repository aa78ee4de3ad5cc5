"""The order of codes in the heads of a model, taken once from the taxonomy it was trained on."""

from dataclasses import dataclass

from cxnlp.taxonomy import NONE, Taxonomy


@dataclass(frozen=True)
class Codes:
    """Codes by position: the index of a code is its row in the heads."""

    stages: tuple[str, ...]
    touchpoints: tuple[str, ...]
    demands: tuple[str, ...]
    domains: tuple[str, ...]  # `none` is the last
    causes: tuple[str, ...]  # "domain/cause", without none/none

    @property
    def cause_domains(self) -> list[int]:
        """Index of the domain of each cause."""
        return [self.domains.index(cause.split("/")[0]) for cause in self.causes]


def codes_of(taxonomy: Taxonomy) -> Codes:
    """Codes of a taxonomy in the order of its file."""
    told = [domain for domain in taxonomy.domains if domain != NONE]
    return Codes(
        stages=tuple(taxonomy.stages),
        touchpoints=tuple(taxonomy.touchpoints),
        demands=tuple(taxonomy.demands),
        domains=(*told, NONE),
        causes=tuple(f"{domain}/{cause}" for domain, cause in taxonomy.causes if domain != NONE),
    )
