"""Settings of files that lie in a bucket: S3 and what speaks its protocol, Azure Blob."""

from pydantic import Field

from cxnlp.strict import Strict
from cxnlp.web_settings import Secret


class Storage(Strict):
    """Who asks a bucket, and where it is; `files` names it: s3://BUCKET/calls/*.csv, az://CONTAINER/calls/*.csv.

    S3 wants key and secret, Azure account and account_key (or sas_token).
    """

    endpoint: str | None = Field(
        default=None, pattern=r"^https?://", description="Of a service other than Amazon's and Microsoft's own."
    )
    region: str | None = None
    key: Secret | None = Field(default=None, description="S3: access key id.")
    secret: Secret | None = Field(default=None, description="S3: secret access key.")
    account: str | None = Field(default=None, description="Azure: storage account.")
    account_key: Secret | None = None
    sas_token: Secret | None = None
    timeout_seconds: float = Field(default=60.0, gt=0, description="Without a byte from the server.")
    attempts: int = Field(default=5, ge=1, description="Of one request.")
