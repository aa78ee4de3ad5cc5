"""The labeler as a spaCy component: `nlp.add_pipe("cxnlp")` sets `doc._.cx`.

The only file that imports spaCy. Installed, the factory is found by its entry point; in a checkout import this module.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pandas as pd
from spacy.language import Language
from spacy.tokens import Doc

from cxnlp.label.labeler import Labeler
from cxnlp.label.records import to_records
from cxnlp.label.tokens import readable

BATCH = 256


class CxComponent:
    """Labels documents; the record of the annotation guide stands in `doc._.cx`."""

    def __init__(self, labeler: Labeler) -> None:
        self._labeler = labeler
        if not Doc.has_extension("cx"):
            Doc.set_extension("cx", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Label one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Label documents in batches, in order."""
        documents = iter(stream)
        while batch := list(islice(documents, batch_size)):
            texts = pd.DataFrame(
                {"item_id": [str(n) for n in range(len(batch))], "text": [readable(doc.text) for doc in batch]}
            )
            for doc, record in zip(batch, to_records(self._labeler.label(texts)), strict=True):
                doc._.cx = record
                yield doc


@Language.factory("cxnlp", default_config={"model": "models/default"})
def create_component(nlp: Language, name: str, model: str) -> CxComponent:
    """Make the component.

    :param model: model folder.
    :raises ModelError: where the folder is missing or damaged.
    """
    return CxComponent(Labeler.load(Path(model)))
