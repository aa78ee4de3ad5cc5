"""Files in a bucket, found by dlt's filesystem source; read where they lie, never copied to disk."""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import urlsplit

from cxnlp.collect.web.hosts import Hosts, Origin
from cxnlp.environment import SecretReader
from cxnlp.errors import SourceError
from cxnlp.storage_settings import Storage
from cxnlp.web_settings import Secret

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

WILDCARDS = frozenset("*?[")
PACKAGES = {"s3": "s3fs", "az": "adlfs"}
BLOCK_BYTES = 5_000_000


@dataclass(frozen=True)
class Blob:
    """One file in a bucket.

    :ivar name: path below the folder in which the glob begins.
    :ivar version: differs where the content does, so that nothing is fetched to see whether a file is new.
    """

    name: str
    version: str
    path: str
    filesystem: "AbstractFileSystem"

    def open_bytes(self) -> BinaryIO:
        """
        :raises OSError: where the file is gone or may not be read.
        """
        return cast(BinaryIO, self.filesystem.open(self.path, "rb", block_size=BLOCK_BYTES))


def list_blobs(source_name: str, files: str, storage: Storage, read_secret: SecretReader) -> list[Blob]:
    """Files of a bucket that a glob names.

    :param files: s3://BUCKET/folder/*.csv or az://CONTAINER/folder/*.csv.
    :raises SourceError: where the bucket cannot be listed.
    :raises ConfigError: where a secret is missing, naming it.
    """
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    from dlt.sources.filesystem import filesystem

    bucket = _open(source_name, files.partition("://")[0], storage, read_secret)
    folder, pattern = _split(files)
    try:
        items = list(filesystem(bucket_url=folder, credentials=bucket, file_glob=pattern))
    except _faults(files) as error:  # not told in their own words, which may hold keys
        raise SourceError(
            f"source {source_name}: {folder} cannot be listed ({type(error).__name__}); are the bucket and the "
            "credential right, and may it list and read?"
        ) from None
    return [
        Blob(
            item["relative_path"],
            _version(item["size_in_bytes"], item["modification_date"]),
            f"{folder.partition('://')[2].rstrip('/')}/{item['relative_path']}",
            bucket,
        )
        for item in items
    ]


def _faults(files: str) -> tuple[type[Exception], ...]:
    """What the client of a bucket raises."""
    from dlt.common.exceptions import DltException

    if files.startswith("s3://"):
        from botocore.exceptions import BotoCoreError, ClientError

        return (OSError, DltException, BotoCoreError, ClientError)
    from azure.core.exceptions import AzureError

    return (OSError, ValueError, DltException, AzureError)


def _version(size: int, modified: datetime) -> str:
    return f"{size} {modified.isoformat()}"


def _split(files: str) -> tuple[str, str]:
    """The folder before the first wildcard, and the pattern below it."""
    scheme, _, path = files.partition("://")
    parts = path.split("/")
    fixed = next((place for place, part in enumerate(parts) if WILDCARDS & set(part)), len(parts) - 1)
    return f"{scheme}://{'/'.join(parts[:fixed])}", "/".join(parts[fixed:])


def _open(source_name: str, scheme: str, storage: Storage, read_secret: SecretReader) -> "AbstractFileSystem":
    """
    :raises SourceError: where the package is not installed, or the endpoint is refused.
    """
    if storage.endpoint is not None:
        _check_endpoint(source_name, storage.endpoint)
    try:
        return _s3(storage, read_secret) if scheme == "s3" else _azure(storage, read_secret)
    except ImportError:
        raise SourceError(f"source {source_name}: {scheme}:// wants the package {PACKAGES[scheme]}") from None


def _check_endpoint(source_name: str, endpoint: str) -> None:
    parts = urlsplit(endpoint)
    hosts = Hosts(source_name, frozenset({((parts.hostname or "").lower(), parts.port)}))
    try:
        hosts.address(Origin.of(endpoint))
    except OSError:
        raise SourceError(f"source {source_name}: no host {parts.hostname}; is `endpoint` right?") from None


def _value(secret: Secret | None, read_secret: SecretReader) -> str | None:
    return read_secret(secret) if secret is not None else None


def _s3(storage: Storage, read_secret: SecretReader) -> "AbstractFileSystem":
    from s3fs import S3FileSystem

    times = {"connect_timeout": 10, "read_timeout": storage.timeout_seconds}
    return S3FileSystem(
        key=_value(storage.key, read_secret),
        secret=_value(storage.secret, read_secret),
        endpoint_url=storage.endpoint,
        client_kwargs={"region_name": storage.region} if storage.region else {},
        config_kwargs={**times, "retries": {"max_attempts": storage.attempts}},
        use_listings_cache=False,
        skip_instance_cache=True,
    )


def _azure(storage: Storage, read_secret: SecretReader) -> "AbstractFileSystem":
    from adlfs import AzureBlobFileSystem

    account_key = _value(storage.account_key, read_secret)
    connection = None
    if storage.endpoint is not None:
        place = f"BlobEndpoint={storage.endpoint};AccountName={storage.account};AccountKey={account_key};"
        connection = f"DefaultEndpointsProtocol={storage.endpoint.partition(':')[0]};{place}"
    return AzureBlobFileSystem(
        account_name=storage.account,
        account_key=account_key,
        sas_token=_value(storage.sas_token, read_secret),
        connection_string=connection,
        timeout=int(storage.timeout_seconds),
        use_listings_cache=False,
        skip_instance_cache=True,
    )
