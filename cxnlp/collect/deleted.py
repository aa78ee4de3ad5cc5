"""Whether a record says that it was deleted at its source."""

from cxnlp.collect.cells import is_missing, words
from cxnlp.web_settings import Deleted

ANYTHING = "*"


def says_deleted(value: object, deleted: Deleted) -> bool:
    """Whether a cell says so, in one of the words that the pipeline file names."""
    if isinstance(value, dict | list):
        return ANYTHING in deleted.values and bool(value)
    return words(value).strip() in deleted.values or (ANYTHING in deleted.values and not is_missing(value))
