"""How long an API that is asked too often wants to be left alone."""

import time
from datetime import datetime

import requests

TOO_MANY = 429
RESETS = ("X-RateLimit-Reset", "RateLimit-Reset")
LEAST_EPOCH = 1_000_000_000  # a smaller number is seconds from now


def tell_wait(response: requests.Response) -> None:
    """Give a 429 that has no Retry-After the one that its other headers mean.

    Mastodon tells the time at which the limit begins anew, Bluesky the same as seconds since 1970, Reddit the seconds
    until then.
    """
    if response.status_code != TOO_MANY or "Retry-After" in response.headers:
        return
    told = next((response.headers[name] for name in RESETS if name in response.headers), None)
    seconds = _seconds(told, time.time()) if told is not None else None
    if seconds is not None:
        response.headers["Retry-After"] = str(max(0, round(seconds + 0.5)))


def _seconds(told: str, now: float) -> float | None:
    """Seconds from now; None where the header says something else."""
    try:
        number = float(told)
    except ValueError:
        try:
            return datetime.fromisoformat(told).timestamp() - now
        except ValueError:
            return None
    return number - now if number >= LEAST_EPOCH else number
