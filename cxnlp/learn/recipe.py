"""The whole training in one command, resumable at every epoch.

    OMP_WAIT_POLICY=passive python -m cxnlp.learn.recipe --labels train.jsonl data/labels/*.jsonl \
        --texts unlabelled.jsonl.gz --teacher-labels train.jsonl --work work/ --out models/default

A teacher learns from the labels (or some of them), a student goes on from it with all of them at a fresh learning rate
(warm restart: Loshchilov and Hutter, 2017, ICLR); their weights are averaged. Where unlabelled texts are given, the
student starts anew instead and learns from what the teacher read in them first. With a passive wait policy the threads
yield to others at a barrier: on a busy machine that is six times as fast.
"""

import argparse
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from cxnlp.errors import CxnlpError
from cxnlp.label.labeler import Labeler, Text
from cxnlp.label.model_folder import TOKENIZER_FILE
from cxnlp.label.tokens import TextTokenizer
from cxnlp.learn.batches import Example
from cxnlp.learn.codes import Codes, codes_of
from cxnlp.learn.folder import write_model_folder
from cxnlp.learn.labels import LabelledItem, read_labels, read_records
from cxnlp.learn.network import JourneyNetwork
from cxnlp.learn.pseudo import read_unlabelled
from cxnlp.learn.settings import RetrainSettings, Round, load_settings
from cxnlp.learn.split import split_items
from cxnlp.learn.train import Schedule, average_with, make_examples, new_network, start_folder, train
from cxnlp.taxonomy import load_taxonomy

LOG = logging.getLogger(__name__)
THREADS = 2


@dataclass(frozen=True)
class Workshop:
    """What every round of one training shares."""

    settings: RetrainSettings
    codes: Codes
    start: Path  # folder of the pretrained encoder
    tokenizer: TextTokenizer
    held: list[LabelledItem]
    work: Path  # checkpoints

    def learn(self, network: JourneyNetwork, examples: list[Example], name: str, stage: Round) -> None:
        """One round; goes on from the last epoch done where it was broken off."""
        LOG.info("%s: %d items, %d epochs", name, len(examples), stage.epochs)
        torch.set_num_threads(THREADS)
        schedule = Schedule(
            epochs=stage.epochs,
            seed=self.settings.seed,
            stop_after=stage.stop_after,
            learning_rate=stage.learning_rate,
            token_limit=self.settings.token_limit,
            kind_dropout=self.settings.kind_dropout,
        )
        train(network, examples, self.tokenizer, self.codes, schedule, self.work / f"{name}.pt")

    def write(self, network: JourneyNetwork, folder: Path) -> None:
        """Export and calibrate, on one thread: texts are read one by one, and two would wait for each other."""
        torch.set_num_threads(1)
        settings = self.settings
        tokenizer_file = self.start / TOKENIZER_FILE
        write_model_folder(
            network,
            self.codes,
            tokenizer_file,
            self.held,
            folder,
            settings.model_id,
            settings.token_limit,
            settings.wrong_cost,
        )


def run_recipe(
    settings: RetrainSettings,
    label_files: list[Path],
    teacher_files: list[Path],
    text_files: list[Path],
    unlabelled_files: list[Path],
    work: Path,
    out: Path,
) -> None:
    """Train, export and calibrate a model.

    :param teacher_files: those of `label_files` that the teacher learns from.
    :param text_files: texts of labels that are keyed by id only.
    :param unlabelled_files: texts to learn from without labels; may be none.
    :param work: folder of checkpoints; what it holds already is not trained again.
    :param out: the model folder.
    """
    taxonomy = load_taxonomy(settings.taxonomy)
    start = start_folder()
    items = read_labels(label_files, text_files, taxonomy)
    learnt, held = split_items(items, settings.held_out_share, settings.seed)
    tokenizer = TextTokenizer.load(start / TOKENIZER_FILE)
    shop = Workshop(settings, codes_of(taxonomy), start, tokenizer, held, work)
    taught = {item.item_id for item in read_labels(teacher_files, text_files, taxonomy)}
    labelled = make_examples(learnt, tokenizer)
    network = new_network(shop.codes, start, settings.seed)
    first = [example for example in labelled if example.item.item_id in taught]
    shop.learn(network, first, "teacher", settings.teacher)
    if unlabelled_files:
        shop.write(network, work / "teacher")
        texts = unlabelled_texts(unlabelled_files, {item.item_id for item in items}, settings)
        read = read_unlabelled(Labeler.load(work / "teacher"), texts, tokenizer, weight=1.0)
        network = new_network(shop.codes, start, settings.seed + 1)
        shop.learn(network, read, "unlabelled", settings.unlabelled)
    shop.learn(network, labelled, "student", settings.student)
    if not unlabelled_files:
        average_with(network, work / "teacher.pt", settings.student_share)
    shop.write(network, out)


def unlabelled_texts(files: list[Path], labelled: set[str], settings: RetrainSettings) -> list[Text]:
    """Beginnings of texts whose item has no label, as many as the settings want, drawn by their seed."""
    records = [record for path in files for _, record in read_records(path)]
    texts = [
        Text(record["text"][: settings.unlabelled.most_characters], record.get("source_kind"))
        for record in records
        if str(record["id"]) not in labelled
    ]
    order = np.random.default_rng(settings.seed).permutation(len(texts))
    return [texts[n] for n in order[: settings.unlabelled.most_items]]


def main() -> None:
    """Parse the command line and run; a fault that a user can mend is one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, nargs="+", required=True)
    parser.add_argument("--teacher-labels", type=Path, nargs="*", help="all labels where not given")
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--unlabelled", type=Path, nargs="*", default=[])
    parser.add_argument("--settings", type=Path, default=Path("pipelines/retrain.yaml"))
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        settings = load_settings(given.settings)
        teacher_files = given.teacher_labels or given.labels
        run_recipe(settings, given.labels, teacher_files, given.texts, given.unlabelled, given.work, given.out)
    except CxnlpError as error:
        sys.exit(f"cxnlp: {error}")


if __name__ == "__main__":
    main()
