"""`nlp.add_pipe("cxnlp")` gives the answers of the labeler."""

import spacy

import cxnlp.label.spacy_component  # noqa: F401  (registers the factory)
from cxnlp.label.records import to_records

TEXTS = ["They charged my card twice.", "", "Lovely shop, kind people."]


def test_a_document_carries_the_record_that_the_labeler_gives(labeler, model_folder):
    nlp = spacy.blank("en")
    nlp.add_pipe("cxnlp", config={"model": str(model_folder)})
    records = [{**doc._.cx} for doc in nlp.pipe(TEXTS)]
    assert records == list(to_records(labeler.label_texts(TEXTS)))[: len(TEXTS)]
    assert nlp(TEXTS[0])._.cx["breakdown"]["quote"] in TEXTS[0]
