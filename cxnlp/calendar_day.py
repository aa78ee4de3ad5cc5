"""The day that a night's run works on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd


@dataclass(frozen=True)
class Night:
    """One run's day in the company's own time zone."""

    day: date
    zone: str = "UTC"

    @property
    def name(self) -> str:
        """The day as an ISO date, as the column `night` holds it."""
        return self.day.isoformat()

    @property
    def end(self) -> pd.Timestamp:
        """First moment after the day, in UTC; a day with a clock change is 23 or 25 hours long."""
        midnight = datetime.combine(self.day + timedelta(days=1), time(), ZoneInfo(self.zone))
        return pd.Timestamp(midnight).tz_convert("UTC")
