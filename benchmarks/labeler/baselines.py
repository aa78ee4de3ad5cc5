"""Readers beside the labeler: the commonest code, TF-IDF, VADER and frozen vectors, each on the same labels."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_union

from cxnlp.learn.labels import LabelledItem

Vectors = np.ndarray | csr_matrix
Predict = Callable[[str], np.ndarray]


@dataclass(frozen=True)
class Axis:
    """One thing to predict: its name and what an item's label says of it."""

    name: str
    label: Callable[[LabelledItem], str]


AXES = (
    Axis("sentiment", lambda item: str(item.sentiment)),
    Axis("demand", lambda item: item.demand),
    Axis("domain", lambda item: item.domain),
    Axis("cause", lambda item: f"{item.domain}/{item.cause}"),
    Axis("stage", lambda item: item.mentions[0].stage if item.mentions else "none"),
    Axis("touchpoint", lambda item: item.mentions[0].touchpoint if item.mentions else "none"),
    Axis("mention", lambda item: str(item.mentions[0].sentiment) if item.mentions else "0"),
)


def majority(items: Sequence[LabelledItem], n_wanted: int) -> list[dict]:
    """The commonest code of every axis."""
    codes = {axis.name: Counter(map(axis.label, items)).most_common(1)[0][0] for axis in AXES}
    return [as_record(codes)] * n_wanted


def vader(texts: Sequence[str]) -> list[dict]:
    """Sentiment alone, at the thresholds of Hutto and Gilbert (2014)."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    reader = SentimentIntensityAnalyzer()
    scores = [reader.polarity_scores(text)["compound"] for text in texts]
    return [{"sentiment": 1 if score >= 0.05 else -1 if score <= -0.05 else 0} for score in scores]


def with_kind(text: str, source_kind: str | None) -> str:
    """A text with its source kind as a word before it: the labeler is told the kind too."""
    return f"sourcekind{source_kind} {text}" if source_kind else text


def tfidf(items: Sequence[LabelledItem], texts: Sequence[str]) -> list[dict]:
    """Words and pairs of words, and runs of 2 to 5 characters, with logistic regression for each axis.

    :param texts: to be read, each with its kind as `with_kind` gives it.
    """
    vectorizer = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=4, sublinear_tf=True, max_features=60_000),
    )
    learnt = vectorizer.fit_transform([with_kind(item.text, item.source_kind) for item in items])
    return regress(learnt, items, vectorizer.transform(texts), strength=10.0)


def regress(learnt: Vectors, items: Sequence[LabelledItem], wanted: Vectors, strength: float) -> list[dict]:
    """Logistic regression from vectors; the cause is the likeliest within the likeliest domain."""
    heads = {axis.name: one_against_rest(strength).fit(learnt, [axis.label(item) for item in items]) for axis in AXES}
    codes = {name: head.predict(wanted) for name, head in heads.items()}
    causes, chances = heads["cause"].classes_, heads["cause"].predict_proba(wanted)
    records = []
    for row in range(wanted.shape[0]):
        one = {name: str(found[row]) for name, found in codes.items()}
        own = np.array([cause.startswith(f"{one['domain']}/") for cause in causes])
        one["cause"] = str(causes[np.argmax(np.where(own, chances[row], -1))])
        records.append(as_record(one))
    return records


def one_against_rest(strength: float) -> OneVsRestClassifier:
    """A logistic regression for each code against the others: minutes faster than one for all, and no worse here."""
    return OneVsRestClassifier(LogisticRegression(C=strength, solver="liblinear"))


def as_record(codes: dict[str, str]) -> dict:
    """Codes by axis as a record of the annotation guide with one mention."""
    mention = {
        "quote": None,
        "stage": codes["stage"],
        "touchpoint": codes["touchpoint"],
        "sentiment": int(codes["mention"]),
    }
    return {
        "sentiment": int(codes["sentiment"]),
        "demand": codes["demand"],
        "mentions": [] if codes["touchpoint"] == "none" else [mention],
        "breakdown": {"domain": codes["domain"], "cause": codes["cause"].split("/")[1], "quote": None},
    }
