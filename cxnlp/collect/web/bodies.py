"""JSON of a response, made sound: no half characters, no NaN, no bottomless nesting."""

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches

from cxnlp.collect.json_cells import read_json
from cxnlp.collect.paths import at_path, has_path
from cxnlp.collect.surrogates import holds_surrogates, without_surrogates
from cxnlp.errors import SourceError, nearest

WHOLE = "$"
PLAIN = re.compile(r"[\w.\-]{1,60}")
MAX_NAMES = 30
ERRORS = frozenset({"error", "errors"})


def read_body(source_name: str, body: bytes) -> object:
    """What a response says.

    :raises SourceError: where it is not JSON.
    """
    try:
        text = body.decode("utf-8-sig", "replace")
        found = read_json(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"source {source_name}: a response of {len(body):,} bytes is not JSON; does base_url lead to the API, "
            "and not to its sign-in page?"
        ) from (None if isinstance(error, json.JSONDecodeError) else error)
    return without_surrogates(found) if holds_surrogates(text) else found


def list_at(source_name: str, body: object, path: str) -> list[object]:
    """The list at a dotted path of a response.

    :param path: $ for the whole response; an object there is a list of one.
    :raises SourceError: where the path is not there: the API changed, or was asked for something else.
    """
    if path != WHOLE and not (isinstance(body, dict) and has_path(body, path)):
        known = plain_names(body) if isinstance(body, dict) else []
        told = nearest(path.split(".")[0], known)[:200] if known else f"it is a {type(body).__name__}"
        raise SourceError(f"source {source_name}: missing_column: no {path!r} in the response; {told}")
    found = body if path == WHOLE or not isinstance(body, dict) else at_path(body, path)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def leaves_out(body: object, path: str) -> bool:
    """Whether a page has what stands around its records, but not their list: it is empty.

    Not so where it tells of an error, or has a list of a like name: then the API has changed.
    """
    if not isinstance(body, dict) or ERRORS & body.keys():
        return False
    *parents, last = path.split(".")
    around = at_path(body, ".".join(parents)) if parents else body
    return isinstance(around, dict) and last not in around and not get_close_matches(last, map(str, around), n=1)


def value_at(body: object, path: str) -> object:
    """What stands at a dotted path of a response; None where there is nothing."""
    return at_path(body, path) if isinstance(body, dict) else None


def plain_names(names: Iterable[str]) -> list[str]:
    """Field names that may stand in a message: what a stranger wrote into the others stays out of logs."""
    return [name for name in names if PLAIN.fullmatch(name)][:MAX_NAMES]
