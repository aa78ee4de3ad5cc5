"""Who asks: credentials that go to one origin only and are read anew, once, where they have expired."""

from collections.abc import Callable

import requests
from dlt.sources.helpers.rest_client.auth import (
    APIKeyAuth,
    BearerTokenAuth,
    HttpBasicAuth,
    OAuth2ClientCredentials,
)
from requests.auth import AuthBase

from cxnlp.collect.web.hosts import Origin
from cxnlp.environment import SecretReader
from cxnlp.web_settings import Auth, Secret

UNAUTHORISED = 401


class Credentials(AuthBase):
    """Puts credentials into requests to `origin`, and into no others (a next-page link may lead elsewhere).

    A 401 in mid-run means that a token expired or was exchanged: it is obtained or read again and the request is
    repeated, once.
    """

    def __init__(self, origin: Origin, build: Callable[[], AuthBase]) -> None:
        self._origin = origin
        self._build = build
        self._auth = build()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if Origin.of(request.url or "") == self._origin:
            self._auth(request)
            request.register_hook("response", self._again)
        return request

    def _again(self, response: requests.Response, **settings: object) -> requests.Response:
        if response.status_code != UNAUTHORISED:
            return response
        self._auth = self._build()
        request = response.request.copy()
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
    kind = _BasicClientCredentials if auth.credentials_in == "basic" else OAuth2ClientCredentials
    return kind(
        access_token_url=auth.token_url or "",
        client_id=value(auth.client_id),
        client_secret=value(auth.client_secret),
        access_token_request_data=dict(auth.token_request),
        session=session,
    )


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
