"""Settings of sources that are asked over HTTP: where, as whom, in which pages, from which point on."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from cxnlp.strict import Strict

Scalar = str | int | float | bool
PAGE = "{page}"


class Secret(Strict):
    """A secret by name: the value never stands in a pipeline file."""

    env: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$", description="Environment variable.")
    block: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9-]*$", description="Prefect block of type Secret."
    )

    @model_validator(mode="after")
    def _is_named_once(self) -> "Secret":
        if (self.env is None) == (self.block is None):
            raise ValueError("name either the environment variable (env) or the Prefect block (block) of the secret")
        return self


class Auth(Strict):
    """How requests say who asks.

    bearer wants token; basic wants username and password; api_key wants key and the header or query field it goes
    in; oauth2 (client credentials) wants token_url, client_id and client_secret; session wants token_url, which gives
    a token for username and password.
    """

    kind: Literal["bearer", "basic", "api_key", "oauth2", "session"]
    token: Secret | None = None
    username: Secret | None = None
    password: Secret | None = None
    key: Secret | None = None
    place: Literal["header", "query"] = Field(default="header", description="Where an api_key goes.")
    field: str = Field(default="Authorization", description="Name of the header or query field of an api_key.")
    token_url: str | None = None
    client_id: Secret | None = None
    client_secret: Secret | None = None
    credentials_in: Literal["body", "basic"] = Field(
        default="body", description="oauth2: whether id and secret go into the token request's body or its header."
    )
    token_request: dict[str, str] = Field(default={}, description="Further fields of the token request, say scope.")
    username_field: str = Field(default="identifier", description="session: field of the token request.")
    token_path: str = Field(default="accessJwt", description="session: dotted path of the token in the answer.")

    @model_validator(mode="after")
    def _is_whole(self) -> "Auth":
        wanted = {
            "bearer": ("token",),
            "basic": ("username", "password"),
            "api_key": ("key",),
            "oauth2": ("token_url", "client_id", "client_secret"),
            "session": ("token_url", "username", "password"),
        }[self.kind]
        missing = [name for name in wanted if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{self.kind} wants {', '.join(missing)}")
        return self

    @property
    def secrets(self) -> list[Secret]:
        """Every secret that the kind uses."""
        named = (self.token, self.username, self.password, self.key, self.client_id, self.client_secret)
        return [secret for secret in named if secret is not None]


class Paginator(Strict):
    """How the next page is asked for; the kinds are dlt's.

    page_in_path puts its number in place of {page} in the path (last_page ends it, or an empty page).
    json_link: the response holds its address (path). header_link: so does the Link header. cursor: the response
    holds a token (path) that goes into a query field (field) or the body (body_path). header_cursor: a header (path)
    holds it. offset and page_number count (field; limit for offset; total_path or an empty page ends them).
    """

    kind: Literal[
        "single_page", "json_link", "header_link", "cursor", "header_cursor", "offset", "page_number", "page_in_path"
    ]
    path: str | None = None
    field: str | None = None
    body_path: str | None = None
    limit: int | None = Field(default=None, gt=0)
    limit_field: str | None = None
    first_page: int = Field(default=1, ge=0)
    last_page: int | None = Field(default=None, ge=0, description="The API gives no later one.")
    total_path: str | None = None
    more_path: str | None = Field(default=None, description="Path of a flag that says whether there is more.")
    end_path: str | None = Field(default=None, description="Path of a flag that says that this page is the last.")

    @model_validator(mode="after")
    def _is_whole(self) -> "Paginator":
        if self.kind in ("json_link", "cursor", "header_cursor") and self.path is None:
            raise ValueError(f"{self.kind} wants path")
        if self.kind == "cursor" and (self.field is None) == (self.body_path is None):
            raise ValueError("cursor wants either field or body_path")
        if self.kind == "offset" and self.limit is None:
            raise ValueError("offset wants limit")
        return self


class Join(Strict):
    """Objects that a page carries beside its records (users, metrics), put into the records."""

    list: str = Field(description="Dotted path of the objects in the page.")
    key: str = Field(default="id", description="Field of such an object that names it.")
    of: str = Field(description="Dotted path in the record that holds that name.")
    into: str = Field(description="Field of the record that takes the object; one that is there already stays.")


class Keyed(Strict):
    """A list in a record made an object, so that dotted paths name its entries: answers by their question."""

    list: str = Field(description="Dotted path of the list; lists on the way are gone through: pages.questions.")
    key: str = Field(default="id", description="Dotted path in an entry of what names it.")
    into: str = Field(description="Field of the record that takes the object.")


class Deleted(Strict):
    """What a record says that was deleted at the source."""

    column: str = Field(description="Dotted path.")
    values: tuple[str, ...] = Field(description="Words that mean deleted; true and false for flags, * for anything.")


class Detail(Strict):
    """One more request for each record: its comments, its conversation."""

    path: str = Field(description="Path of the request; {id} stands for the record's field id, {a.b} for one within.")
    records: str = Field(description="Dotted path of the list in the response; $ for the whole response.")
    into: str = Field(description="Field of the record that takes the list.")
    params: dict[str, Scalar] = {}
    paginator: Paginator = Paginator(kind="single_page")
    joins: tuple[Join, ...] = ()
    unless: Deleted | None = Field(default=None, description="Records that are not asked about.")
    at_once: int = Field(default=4, ge=1, le=16, description="Requests under way at once.")


class Cursor(Strict):
    """From which point on a pull asks; it moves only after what it fetched is committed.

    The point is a token that each page names (from_page), or the greatest value that a record holds (from_records).
    {cursor} in params, first, next and body stands for it.
    """

    from_page: str | None = Field(default=None, description="Dotted path of the token in each page.")
    from_records: str | None = Field(default=None, description="Dotted path in a record: its time or number.")
    initial: str = Field(description="Where the very first pull begins: an ISO date or time, or a number.")
    format: str = Field(default="iso", description="iso, unix, unix_ms, number, or a strftime pattern (UTC).")
    overlap_minutes: int = Field(default=60, ge=0, description="Times only: how far before the cursor a pull begins.")
    ascending: bool = Field(
        default=False, description="Whether pages come oldest change first: then the cursor moves with every page."
    )
    newest_first: bool = Field(
        default=False, description="Whether pages come newest first: then a pull ends at what is older than the cursor."
    )
    first: dict[str, Scalar] = Field(default={}, description="Query fields of a pull that has no cursor yet.")
    next: dict[str, Scalar] = Field(default={}, description="Query fields of a pull that has one.")

    @model_validator(mode="after")
    def _has_one_origin(self) -> "Cursor":
        if (self.from_page is None) == (self.from_records is None):
            raise ValueError("either from_page or from_records says where the cursor comes from")
        return self


class Recheck(Strict):
    """For APIs that do not tell of deletions: whether what is stored is still there; 404 or 410 means deleted.

    With `records` so does an empty list, or one whose records the source's `deleted` says are.
    """

    path: str = Field(description="Path of one record; {source_id} stands for its id.")
    records: str | None = Field(default=None, description="Dotted path of the list, where the answer is one.")
    days: int = Field(default=30, gt=0, description="Items created so lately are asked about, every night.")


class Bounds(Strict):
    """What a pull may take at most."""

    response_bytes: int = Field(default=100_000_000, gt=0, description="Of one response, opened.")
    pages: int = Field(default=20_000, gt=0)
    seconds: int = Field(default=6 * 3600, gt=0, description="Of one pull; what was committed stays.")
    attempts: int = Field(default=5, ge=1, description="Of one request: 429, 5xx, cut and slow responses.")
    backoff_seconds: float = Field(default=1.0, ge=0, description="Wait before the second attempt; it doubles.")
    wait_seconds: int = Field(default=300, gt=0, description="Longest wait that a Retry-After is granted.")
    timeout_seconds: float = Field(default=60.0, gt=0, description="Without a byte from the server.")


class Api(Strict):
    """An HTTP API that gives records in pages of JSON."""

    base_url: str = Field(description="Ends where `path` begins.")
    path: str
    hosts: tuple[str, ...] = Field(
        default=(),
        description="Further hosts that pages or tokens come from. host:port allows that very host a private address.",
    )
    auth: Auth | None = None
    headers: dict[str, str] = Field(default={}, description="Fixed headers, say an API version; never a secret.")
    exchange: Literal["qualtrics"] | None = Field(
        default=None, description="A vendor's own way to ask, which is not page by page: qualtrics exports a file."
    )
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, Scalar] = {}
    body: dict[str, object] | None = Field(default=None, description="JSON of a POST.")
    records: str = Field(description="Dotted path of the records in a page; $ for the whole response.")
    records_left_out: bool = Field(default=False, description="Whether a page without records leaves out their list.")
    paginator: Paginator
    joins: tuple[Join, ...] = ()
    keyed: tuple[Keyed, ...] = ()
    details: tuple[Detail, ...] = ()
    also: tuple[dict[str, Scalar], ...] = Field(
        default=(), description="Further walks of the same path with these query fields, say for deleted records."
    )
    recheck: Recheck | None = None
    cursor: Cursor | None = Field(default=None, description="Without one every pull takes everything.")
    bounds: Bounds = Bounds()

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise ValueError("wanted https://host/path without a user, a password or a query")
        return url if url.endswith("/") else url + "/"

    @model_validator(mode="after")
    def _counts_in_its_path(self) -> "Api":
        if (self.paginator.kind == "page_in_path") != (PAGE in self.path):
            raise ValueError(f"page_in_path wants {PAGE} in path, and nothing else has it there")
        return self


class Resource(Strict):
    """A dlt resource of one's own, by dotted path; the pipeline file's allow_resources must name it."""

    function: str = Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$", description="package.module:function")
    arguments: dict[str, Scalar] = {}
    cursor: Cursor | None = Field(default=None, description="Where given, the function takes an argument `cursor`.")


class Left(Strict):
    """Turns to leave out, such as internal notes."""

    field: str
    values: tuple[str, ...]
