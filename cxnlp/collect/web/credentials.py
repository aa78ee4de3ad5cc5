"""Who asks: credentials that go to one origin only and are read anew, once, where they have expired."""

from collections.abc import Callable
from functools import partial
from threading import Lock

import requests
from dlt.sources.helpers.rest_client.auth import (
    APIKeyAuth,
    BearerTokenAuth,
    HttpBasicAuth,
    OAuth2ClientCredentials,
)
from requests.auth import AuthBase

from cxnlp.collect.web.bodies import value_at
from cxnlp.collect.web.hosts import Origin
from cxnlp.environment import SecretReader
from cxnlp.errors import SourceError
from cxnlp.web_settings import Auth, Secret

UNAUTHORISED = 401
EXPIRED = b'"ExpiredToken"'  # which AT Protocol tells with status 400


class Credentials(AuthBase):
    """Puts credentials into requests to `origin`, and into no others (a next-page link may lead elsewhere).

    A 401 in mid-run means that a token expired or was exchanged: it is obtained or read again and the request is
    repeated, once. Requests that are under way at the same time share what one of them obtains.
    """

    def __init__(self, origin: Origin, build: Callable[[], AuthBase]) -> None:
        self._origin = origin
        self._build = build
        self._auth = build()
        self._times_renewed = 0
        self._lock = Lock()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if Origin.of(request.url or "") == self._origin:
            with self._lock:
                self._auth(request)
                request.register_hook("response", partial(self._again, self._times_renewed))
        return request

    def _again(self, times_renewed: int, response: requests.Response, **settings: object) -> requests.Response:
        if response.status_code != UNAUTHORISED and not (response.status_code == 400 and EXPIRED in response.content):
            return response
        request = response.request.copy()
        with self._lock:
            if self._times_renewed == times_renewed:
                self._auth = self._build()
                self._times_renewed += 1
            self._auth(request)
        repeated = response.connection.send(request, **settings)  # type: ignore[arg-type]
        repeated.history.append(response)
        repeated.request = request
        return repeated


def build_auth(auth: Auth, read_secret: SecretReader, session: requests.Session) -> AuthBase:
    """dlt's authenticator of the kind that the settings name.

    :param session: asks for the token of oauth2, within the bounds of the source.
    :raises ConfigError: where a secret is missing, naming it.
    """

    def value(secret: Secret | None) -> str:
        return read_secret(secret) if secret is not None else ""

    if auth.kind == "bearer":
        return BearerTokenAuth(token=value(auth.token))
    if auth.kind == "basic":
        return HttpBasicAuth(username=value(auth.username), password=value(auth.password))
    if auth.kind == "api_key":
        return _ApiKey(name=auth.field, api_key=value(auth.key), location=auth.place)
    if auth.kind == "session":
        return _session_token(auth, value(auth.username), value(auth.password), session)
    kind = _BasicClientCredentials if auth.credentials_in == "basic" else OAuth2ClientCredentials
    return kind(
        access_token_url=auth.token_url or "",
        client_id=value(auth.client_id),
        client_secret=value(auth.client_secret),
        access_token_request_data=dict(auth.token_request),
        session=session,
    )


def _session_token(auth: Auth, username: str, password: str, session: requests.Session) -> AuthBase:
    """The token that a sign-in with name and password gives.

    :raises SourceError: where the answer holds none.
    """
    asked = {auth.username_field: username, "password": password, **auth.token_request}
    response = session.post(auth.token_url or "", json=asked)
    response.raise_for_status()
    token = value_at(response.json(), auth.token_path)
    if not isinstance(token, str) or not token:
        raise SourceError(f"no {auth.token_path!r} in what {auth.token_url} answered; is token_path right?")
    return BearerTokenAuth(token=token)


class _ApiKey(APIKeyAuth):
    """dlt's API key; one in the query is not put in twice where a request is repeated."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.location == "query" and f"{self.name}=" in (request.url or "").partition("?")[2]:
            return request
        return super().__call__(request)


class _BasicClientCredentials(OAuth2ClientCredentials):
    """Client credentials whose id and secret go into the header of the token request (RFC 6749, 2.3.1)."""

    def build_access_token_request(self) -> dict[str, object]:
        return {
            "auth": (self.client_id, self.client_secret),
            "data": {"grant_type": "client_credentials", **self.access_token_request_data},
        }
