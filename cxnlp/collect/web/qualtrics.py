"""Survey responses of Qualtrics, which come as a packed file: start an export, ask until it is ready, take it.

"Response Export API" of Qualtrics' developer documentation: POST surveys/ID/export-responses names a progress,
GET .../PROGRESS names the file once the status is complete, GET .../FILE/file gives a zip with one JSON file.
"""

import struct
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote
from zipfile import BadZipFile, ZipFile

import requests

from cxnlp.collect.web.bodies import list_at, read_body, value_at
from cxnlp.collect.web.points import Asked
from cxnlp.errors import SourceError
from cxnlp.web_settings import Api

if TYPE_CHECKING:
    from dlt.sources.helpers.rest_client.client import RESTClient

LONGEST_PAUSE_SECONDS = 30.0
PAGE_RECORDS = 2_000
PROGRESS = "result.progressId"
STATUS = "result.status"
FILE = "result.fileId"
UNPACKING_FAULTS = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    ValueError,  # places outside the archive, names that are no text
    struct.error,
    RuntimeError,  # a password, a way to pack that is not known
)


def export_bodies(source_name: str, api: Api, client: "RESTClient", asked: Asked) -> Iterator[dict[str, object]]:
    """Responses of one export, some at a time, as pages of an API would hold them.

    :raises SourceError: where the export fails, or is larger than the bounds allow.
    """
    progress_id = start_export(source_name, api, client, asked)
    file_id = _finished(source_name, api, client, progress_id)
    packed = _sound(client.get(f"{api.path}/{quote(file_id, safe='')}/file")).content
    body = read_body(source_name, unpack(source_name, packed, api.bounds.response_bytes))
    responses = list_at(source_name, body, api.records)
    for begin in range(0, max(len(responses), 1), PAGE_RECORDS):
        yield {api.records: responses[begin : begin + PAGE_RECORDS]}


def one_response(api: Api) -> Api:
    """The same source, asking for one response: enough to see whether Qualtrics answers."""
    return api.model_copy(update={"body": {**(api.body or {}), "limit": 1}})


def start_export(source_name: str, api: Api, client: "RESTClient", asked: Asked) -> str:
    """Ask Qualtrics to make a file; returns the id of its progress."""
    response = _sound(client.post(api.path, json=asked.body or {}))
    return _wanted(source_name, response.json(), PROGRESS)


def unpack(source_name: str, packed: bytes, limit: int) -> bytes:
    """The one file of a zip archive.

    :param limit: bytes that it may open to, whatever the archive says of its size.
    :raises SourceError: where it is no archive of one file, is damaged, or opens to more.
    """
    try:
        with ZipFile(BytesIO(packed)) as archive:
            names = archive.namelist()
            if len(names) != 1:
                raise SourceError(f"source {source_name}: an export holds {len(names):,} files, wanted one")
            with archive.open(names[0]) as file:
                body = file.read(limit + 1)
    except UNPACKING_FAULTS as error:
        raise SourceError(
            f"source {source_name}: an export of {len(packed):,} bytes is not a sound zip ({type(error).__name__}); "
            "does base_url lead to the API, and does the body say compress: true?"
        ) from error
    if len(body) > limit:
        raise SourceError(
            f"source {source_name}: an export opens to more than {limit:,} bytes; raise bounds.response_bytes, or "
            "begin later (cursor.initial)"
        )
    return body


def _finished(source_name: str, api: Api, client: "RESTClient", progress_id: str) -> str:
    """Ask until the file is ready, ever more rarely; returns its id. bounds.seconds ends it as it ends any pull."""
    pause = api.bounds.backoff_seconds
    for _ in range(api.bounds.pages):
        body = _sound(client.get(f"{api.path}/{quote(progress_id, safe='')}")).json()
        status = _wanted(source_name, body, STATUS)
        if status == "complete":
            return _wanted(source_name, body, FILE)
        if status != "inProgress":
            raise SourceError(
                f"source {source_name}: Qualtrics says the export is {status[:40]!r}; the next run asks anew"
            )
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
    raise SourceError(f"source {source_name}: the export was not ready after {api.bounds.pages:,} questions")


def _sound(response: requests.Response) -> requests.Response:
    response.raise_for_status()
    return response


def _wanted(source_name: str, body: object, path: str) -> str:
    found = value_at(body, path)
    if not isinstance(found, str) or not found:
        raise SourceError(f"source {source_name}: missing_column: no {path!r} in the response; the API has changed")
    return found
