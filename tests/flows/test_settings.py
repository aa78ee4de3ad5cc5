"""Prefect as we run it: quiet, on loopback, no pickle, nothing told to anybody."""

import os
import subprocess
import sys

SAID = """
import flows
from prefect.settings import get_current_settings
now = get_current_settings()
print(now.server.api.host, now.results.default_serializer, now.server.api.csrf_protection_enabled,
      now.server.analytics_enabled, now.server.api.cors_allowed_origins)
"""


def prefect_settings(**given: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    asked = subprocess.run(
        [sys.executable, "-c", SAID], env={**clean, **given}, capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


def test_prefect_listens_on_loopback_stores_json_and_tells_nobody():
    assert prefect_settings() == "127.0.0.1 json True False http://127.0.0.1:4200,http://localhost:4200"


def test_what_the_operator_has_set_is_kept():
    assert prefect_settings(PREFECT_SERVER_API_HOST="10.0.0.1").startswith("10.0.0.1 json")
