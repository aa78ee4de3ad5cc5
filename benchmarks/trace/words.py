"""Words for simulated contacts, from templates; they show tracing at work and never train the labeler."""

import json

import numpy as np
import pandas as pd

from benchmarks.trace.simulator import DOMAINS

PROBLEMS: dict[str, tuple[str, ...]] = {
    "marketing": (
        "The advert promised half price for two years and I get nothing of it",
        "Your email offered a free month, the code does not work",
        "I joined because of the double data promotion and never got it",
    ),
    "sales": (
        "The salesman signed me up for a plan I never agreed to",
        "Your adviser told me there was no contract and now there is one",
        "They put me on the wrong package when I ordered",
    ),
    "billing": (
        "I was charged twice on my last invoice",
        "There is an amount on my bill that I do not owe",
        "My refund has not been paid",
    ),
    "product": (
        "My broadband keeps dropping out every evening",
        "The router you sent has stopped working",
        "There has been no signal here since Monday",
    ),
    "documentation": (
        "The instructions for the set-up make no sense",
        "Your website states the wrong opening times",
        "I was not told about the change, no letter came",
    ),
    "fulfilment": (
        "My parcel has not arrived and it is a week late",
        "The box came damaged and the phone is missing",
        "The engineer did not turn up for the installation",
    ),
    "digital": (
        "I cannot log in to the app, it says error",
        "The checkout page of the website crashes",
        "The app locks me out after every update",
    ),
    "policy": (
        "The price is far too high for what I get",
        "Why must I fill in four forms to move house",
        "My claim was refused and I think that is unfair",
    ),
    "frontline": (
        "The staff in your shop were rude to me",
        "I queued for an hour in the branch with one till open",
        "The shop was filthy and nobody cared",
    ),
    "service": (
        "I was on hold for fifty minutes and then cut off",
        "Your call centre agent was rude and hung up",
        "Nobody ever answers my emails",
    ),
}
SILENT = (
    "Please call me back",
    "I need some help with my account please",
    "This is not good enough, sort it out",
    "Can somebody tell me what is going on",
    "I am really unhappy and want this put right",
)
AGAIN = ("Still not sorted.", "I wrote about this already.", "Second time I ask.", "Any news?", "As I said before:", "")
DETAILS = (
    "I have been a customer for nine years.",
    "My daughter needs it for school.",
    "I work nights so ring before noon.",
    "Honestly I am tired of it.",
    "Thanks, Jo",
    "It is the second floor flat.",
    "I will go elsewhere.",
    "",
    "",
)
SHARE_KEYS = 0.25  # of chains whose contacts name an order number


def write_words(contacts: pd.DataFrame, seed: int) -> pd.Series:
    """A text for each contact of a simulated company: what is said, and often the same problem said again.

    :param contacts: `chain_id`, `is_repeat`, `domain` (said; null where nothing is), in any order.
    """
    random = np.random.default_rng(seed)
    _, chain = np.unique(contacts["chain_id"].to_numpy(dtype=str), return_inverse=True)
    n_chains = int(chain.max(initial=-1)) + 1
    way, detail, order = (random.integers(0, 10**7, n_chains) for _ in range(3))
    has_key = random.random(n_chains) < SHARE_KEYS
    texts = []
    for place, said, is_repeat in zip(chain, contacts["domain"], contacts["is_repeat"], strict=True):
        words = PROBLEMS[said] if isinstance(said, str) else SILENT
        parts = [words[way[place] % len(words)] + ".", DETAILS[(detail[place] + random.integers(0, 2)) % len(DETAILS)]]
        if is_repeat:
            parts.insert(0, AGAIN[random.integers(0, len(AGAIN))])
        if has_key[place] and random.random() < 0.8:
            parts.append(f"Order {10**6 + order[place] % (9 * 10**6)}.")
        texts.append(" ".join(part for part in parts if part))
    return pd.Series(texts, index=contacts.index, dtype="str")


def draw_posteriors(contacts: pd.DataFrame, seed: int, right: float = 0.8) -> pd.Series:
    """What a calibrated labeler would say of what is told: at its `right` best, never sure.

    A draw from a Dirichlet around the code that is read; the code read is the one told, or another with 1 - `right`.
    The posterior's mass on the code read is `right` on average, so that it is calibrated.
    """
    random = np.random.default_rng(seed)
    codes = [*DOMAINS, "none"]
    place = {code: number for number, code in enumerate(codes)}
    told = np.array([place[code] if isinstance(code, str) else len(codes) - 1 for code in contacts["domain"]])
    sure = random.beta(8 * right, 8 * (1 - right), len(told))
    other = (told + random.integers(1, len(codes), len(told))) % len(codes)
    read = np.where(random.random(len(told)) < sure, told, other)
    rest = random.dirichlet(np.full(len(codes), 0.5), len(told))
    rest[np.arange(len(told)), read] = 0
    rest *= ((1 - sure) / rest.sum(axis=1))[:, None]
    rest[np.arange(len(told)), read] = sure
    rows = np.round(rest, 5).tolist()
    return pd.Series(
        [json.dumps(dict(zip(codes, row, strict=True))) for row in rows], index=contacts.index, dtype="str"
    )
