"""What a step did, in counts: no text, no ids, so that it may stand in logs and artifacts."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Receipt:
    """Counts of one source in one run; records = items + unchanged + dropped + quarantined."""

    source: str
    records: int = 0
    items: int = 0
    unchanged: int = 0
    dropped: int = 0
    quarantined: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Receipt") -> "Receipt":
        counts = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name != "source"}
        return Receipt(self.source, **counts)
