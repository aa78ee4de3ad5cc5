"""dlt's REST client for one source, with the way out, the credentials and the patience that its settings give."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
from dlt.sources.helpers.requests.retry import Client
from dlt.sources.helpers.rest_client.client import RESTClient

from cxnlp.collect.web.adapter import BoundedAdapter
from cxnlp.collect.web.credentials import Credentials, build_auth
from cxnlp.collect.web.hosts import Hosts, Origin
from cxnlp.environment import SecretReader
from cxnlp.errors import SourceError
from cxnlp.web_settings import Api

CONNECT_SECONDS = 10.0
REMEDIES = {
    400: "does the API still take these params?",
    401: "is the credential right and not expired?",
    403: "may this credential read it (scopes, role)?",
    404: "are base_url and path right?",
    429: "it asks for more patience than bounds allow: ask later, or for less",
}


def open_client(source_name: str, api: Api, read_secret: SecretReader) -> RESTClient:
    """A client that asks the source's hosts only, waits and repeats as the source's bounds say.

    :raises ConfigError: where a secret is missing, naming it.
    """
    session = _session(Hosts.of(source_name, api), api)
    auth = None
    if api.auth is not None:
        settings = api.auth
        auth = Credentials(Origin.of(api.base_url), lambda: build_auth(settings, read_secret, session))
    headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "cxnlp"}
    return RESTClient(api.base_url, headers={**headers, **api.headers}, auth=auth, session=session)


def _session(hosts: Hosts, api: Api) -> requests.Session:
    """dlt's session, which repeats 429, 5xx, cut and slow responses, on our adapter.

    The environment is not trusted: a proxy or a .netrc would see what the pipeline file does not name.
    """
    bounds = api.bounds
    session = Client(
        request_timeout=(CONNECT_SECONDS, bounds.timeout_seconds),
        raise_for_status=False,
        request_max_attempts=bounds.attempts,
        request_backoff_factor=bounds.backoff_seconds,
        request_max_retry_delay=bounds.wait_seconds,
    ).session
    session.trust_env = False
    session.headers["User-Agent"] = api.headers.get("User-Agent", "cxnlp")  # some vendors refuse unnamed token requests
    session.max_redirects = 5
    adapter = BoundedAdapter(hosts, bounds)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


@contextmanager
def told(source_name: str) -> Iterator[None]:
    """Tell a request's fault in our own words.

    Not `from error`: the message of the request may quote an address with its key, and logs hold whole chains.

    :raises SourceError: for whatever the request raised.
    """
    try:
        yield
    except requests.HTTPError as error:
        fault = _refused(source_name, error.response)
    except requests.RequestException as error:
        where = urlsplit(getattr(error.request, "url", None) or "")
        fault = f"source {source_name}: no answer from {where.hostname or 'the server'} ({type(error).__name__})"
    else:
        return
    raise SourceError(fault) from None


def _refused(source_name: str, response: requests.Response | None) -> str:
    if response is None:
        return f"source {source_name}: the server refused"
    where = urlsplit(response.url)
    remedy = REMEDIES.get(response.status_code, "the server is at fault: ask again later")
    return f"source {source_name}: {where.hostname}{where.path[:200]} answered {response.status_code}; {remedy}"
