"""Sources asked over HTTP: pages of an API to rows, within bounds, from the hosts that the pipeline file names."""

import os

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")  # before dlt is imported, which reads it then
