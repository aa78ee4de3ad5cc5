"""Weeks: the Monday that a moment belongs to, in the company's own time zone."""

import pandas as pd


def week_of(moments: pd.Series, time_zone: str) -> pd.Series:
    """ISO date of the Monday of each moment's week; null where the moment is.

    :param moments: UTC timestamps.
    :param time_zone: IANA zone in which days begin and end.
    """
    local = moments.dt.tz_convert(time_zone).dt.tz_localize(None).dt.normalize()
    return (local - pd.to_timedelta(local.dt.weekday, unit="D")).dt.strftime("%Y-%m-%d").astype("str")


def day_of(moments: pd.Series, time_zone: str) -> pd.Series:
    """ISO date of each moment in the company's time zone; null where the moment is."""
    return moments.dt.tz_convert(time_zone).dt.strftime("%Y-%m-%d").astype("str")
