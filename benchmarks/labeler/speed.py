"""Texts and tokens a second of whole labelling, from text to frames, beside VADER on the same texts.

    python benchmarks/labeler/speed.py --texts feed.jsonl --most 4000

Writes `speed.json` beside this file. A text is counted with the tokens that the encoder reads: special tokens and
windows' repeats are left out. The machine's load at the start stands in the result: read it with the figures.
"""

import argparse
import json
import os
import platform
import resource
import time
from pathlib import Path

from cxnlp.label.encoder import MOST_TOKENS
from cxnlp.label.inputs import read_rows
from cxnlp.label.labeler import Labeler
from cxnlp.label.model_folder import TOKENIZER_FILE
from cxnlp.label.tokens import TextTokenizer, readable

HERE = Path(__file__).parent


def seconds_of_vader(texts: list[str]) -> float:
    """Time VADER takes for the same texts."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    reader = SentimentIntensityAnalyzer()
    began = time.perf_counter()
    for text in texts:
        reader.polarity_scores(text)
    return time.perf_counter() - began


def main() -> None:
    """Time it and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True, help="JSON lines, CSV or Parquet with id and text")
    parser.add_argument("--most", type=int, default=4_000)
    parser.add_argument("--model", type=Path, default=Path("models/default"))
    given = parser.parse_args()
    texts = list(dict.fromkeys(readable(row.text) for row in read_rows(given.texts) if row.text))[: given.most]
    began = time.perf_counter()
    labeler = Labeler.load(given.model)
    loading = time.perf_counter() - began
    tokens = TextTokenizer.load(given.model / TOKENIZER_FILE).tokenize(texts)
    n_tokens = sum(min(len(found.ids), MOST_TOKENS) for found in tokens)
    load, began, processor = os.getloadavg()[0], time.perf_counter(), time.process_time()
    labeler.label_texts(texts)
    wall, processor = time.perf_counter() - began, time.process_time() - processor
    result = {
        "model": labeler.model_id,
        "texts": len(texts),
        "tokens": n_tokens,
        "seconds": round(wall, 2),
        "texts_a_second": round(len(texts) / wall, 1),
        "tokens_a_second": round(n_tokens / wall),
        "tokens_a_processor_second": round(n_tokens / processor),
        "loading_seconds": round(loading, 2),
        "vader_texts_a_second": round(len(texts) / seconds_of_vader(texts), 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load_before": round(load, 2),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    }
    (HERE / "speed.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
