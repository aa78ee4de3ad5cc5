"""Numbers, codes and dates as the report shows them; the filters of its templates."""

import math
from datetime import date, datetime

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥"}
MINUS = "\u2212"
MISSING = "\u2013"


def percent(share: float | None) -> str:
    """A share as a percentage; one decimal below 10 %."""
    if share is None or not math.isfinite(share):
        return MISSING
    return f"{share:.1%}" if share < 0.0995 else f"{share:.0%}"


def signed(mean: float | None) -> str:
    """A sentiment with its sign, to one decimal."""
    if mean is None or not math.isfinite(mean):
        return MISSING
    rounded = round(mean, 1)
    return f"+{rounded:.1f}" if rounded > 0 else f"{MINUS}{-rounded:.1f}" if rounded < 0 else "0.0"


def count(number: float | None) -> str:
    """A whole number with thousands apart."""
    return MISSING if number is None else f"{number:,.0f}"


def ratio(value: float) -> str:
    """A rate ratio: two figures."""
    if not math.isfinite(value):
        return "\u221e"
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def short(value: float) -> str:
    """A number to one decimal, without a decimal that is zero."""
    return f"{value:,.1f}".removesuffix(".0")


def money(amount: float | None, currency: str) -> str:
    """An amount with its currency: whole units, the code after it where it has no symbol."""
    if amount is None:
        return MISSING
    symbol = SYMBOLS.get(currency.upper())
    digits = f"{amount:,.2f}" if 0 < amount < 10 else f"{amount:,.0f}"
    return f"{symbol}{digits}" if symbol else f"{digits} {currency}"


def words(code: str | None) -> str:
    """A code as words: underscores become blanks."""
    return MISSING if code is None else code.replace("_", " ")


def title(code: str | None) -> str:
    """A code as the beginning of a line."""
    text = words(code)
    return text[:1].upper() + text[1:]


def cause(code: str, domain: str) -> str:
    """A cause as words; where it is unsure, the domain that is sure."""
    if code != "unsure":
        return words(code)
    return "cannot tell" if domain == "cannot_tell" else f"{words(domain)}, cause unsure"


def day(moment: date | datetime | str | None) -> str:
    """A day as people write it: 4 May 2026."""
    if moment is None:
        return "no date"
    found = date.fromisoformat(moment[:10]) if isinstance(moment, str) else moment
    return f"{found.day} {found:%b %Y}"


def mood(mean: float | None) -> str:
    """Name of the step of the colour scale: very-negative .. very-positive, or unknown."""
    if mean is None or not math.isfinite(mean):
        return "unknown"
    for bound, name in ((-1.2, "very-negative"), (-0.4, "negative"), (0.4, "neutral"), (1.2, "positive")):
        if mean < bound or (name == "neutral" and mean <= bound):
            return name
    return "very-positive"


def radius(number: int, largest: int, most: float) -> float:
    """Radius of a bubble whose area is the number; never too small to see."""
    return round(max(3.0, most * math.sqrt(number / max(largest, 1))), 1)


def ratio_x(value: float, width: float) -> float:
    """Where a rate ratio stands on a scale of doublings from 1/4 to 16, cut at its ends; in units of `width`."""
    if value <= 0:
        return 0.0
    steps = 6.0 if not math.isfinite(value) else math.log2(value) + 2
    return round(min(max(steps / 6, 0.0), 1.0) * width, 1)
