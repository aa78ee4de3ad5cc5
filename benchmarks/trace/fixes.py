"""Does the interrupted time series find what fixes do, and leave alone fixes that do nothing?

    python -m benchmarks.trace.fixes --replicates 1000

Draws daily contacts of six causes over 26 to 60 weeks with a season common to all, a trend of each cause, weekly
noise of each cause (overdispersed, half of it carried to the next week) and a fix at a random week, which multiplies
its cause by a known ratio. Writes fixes.json and fixes.md beside this script.
"""

import argparse
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from cxnlp.trace.interrupted import FixEffect, measure_fix

HERE = Path(__file__).parent
FIRST = date(2025, 1, 6)
RATIOS = (1.0, 1.0, 0.8, 0.6, 0.4)
CAUSES = ("fixed", "b", "c", "d", "e", "f")


def draw_counts(seed: int, ratio: float, noise: float) -> tuple[pd.DataFrame, date]:
    """Daily counts of all causes and the day of the fix.

    :param noise: standard deviation of each cause's weekly noise on the log scale.
    """
    random = np.random.default_rng(seed)
    weeks = int(random.integers(26, 61))
    fix_week = int(random.integers(8, weeks - 4))
    days = np.arange(weeks * 7)
    season = 0.4 * np.sin(2 * np.pi * days / 365 + random.uniform(0, 6)) - 0.4 * (days % 7 >= 5)
    frames = []
    for cause in CAUSES:
        log_rate = np.log(random.uniform(0.7, 6)) + season + random.normal(0, 0.15) * days / len(days)
        own = random.normal(0, noise, weeks + 1)
        log_rate = log_rate + (0.866 * own[1:] + 0.5 * own[:-1])[days // 7]
        if cause == CAUSES[0]:
            log_rate = log_rate + np.log(ratio) * (days >= fix_week * 7)
        frames.append(pd.DataFrame({"day": days, "cause": cause, "contact_count": random.poisson(np.exp(log_rate))}))
    counts = pd.concat(frames, ignore_index=True)
    counts["day"] = [str(FIRST + timedelta(days=int(day))) for day in counts["day"]]
    return counts, FIRST + timedelta(weeks=fix_week)


def figures(noise: float, replicates: int) -> dict[str, float]:
    """Coverage and verdicts over fixes of all ratios."""
    drawn = [(RATIOS[seed % len(RATIOS)], seed) for seed in range(replicates)]
    found: list[tuple[float, FixEffect]] = []
    for ratio, seed in drawn:
        counts, day = draw_counts(seed, ratio, noise)
        found.append((ratio, measure_fix(counts, CAUSES[0], day)))
    told = [(ratio, effect) for ratio, effect in found if effect.verdict != "too_early"]
    covered = [effect.low <= ratio <= effect.high for ratio, effect in told]
    idle = [effect.verdict == "effective" for ratio, effect in told if ratio == 1.0]
    strong = [effect.verdict == "effective" for ratio, effect in told if ratio <= 0.6]
    return {
        "replicates": len(told),
        "covered": float(np.mean(covered)),
        "idle fix called effective": float(np.mean(idle)),
        "idle fixes": len(idle),
        "fix of 40 % or more called effective": float(np.mean(strong)),
        "mean log error": float(np.mean([np.log(effect.ratio / ratio) for ratio, effect in told])),
    }


def main() -> None:
    """Run without and with weekly noise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1000)
    replicates = parser.parse_args().replicates
    told = {f"weekly noise {noise}": figures(noise, replicates) for noise in (0.0, 0.15)}
    (HERE / "fixes.json").write_text(json.dumps(told, indent=1) + "\n")
    names = list(next(iter(told.values())))
    lines = ["# Interrupted time series of simulated fixes", "", "| figure | " + " | ".join(told) + " |"]
    lines.append("| --- |" + " --- |" * len(told))
    lines += ["| " + name + " | " + " | ".join(f"{row[name]:.3f}" for row in told.values()) + " |" for name in names]
    (HERE / "fixes.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
