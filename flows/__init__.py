"""Prefect flows: order, retries and names; the work is done in `cxnlp`.

Prefect reads its settings when it is imported, so they are given here, before any flow imports it. What the
operator has set already is kept.
"""

import os

SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",  # never a pickle
    "PREFECT_SERVER_API_HOST": "127.0.0.1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # a busy machine makes its database slowly
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "http://127.0.0.1:4200,http://localhost:4200",
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_LOGGERS_CXNLP_LEVEL": "INFO",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
}
for name, value in SETTINGS.items():
    os.environ.setdefault(name, value)
