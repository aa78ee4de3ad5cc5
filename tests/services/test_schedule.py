"""A deployment with a cron fires at its minute, unattended; deployments of prefect.yaml are accepted by a server."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cxnlp.lake import Lake
from cxnlp.tables import RUNS

pytestmark = pytest.mark.services
REPOSITORY = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(tmp_path):
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**own, "PREFECT_HOME": str(tmp_path / "prefect"), "PYTHONPATH": str(REPOSITORY)}


def test_a_served_night_fires_at_its_minute_and_leaves_its_row(project, environment):
    command = [sys.executable, "-m", "flows", "serve", "--pipeline", "pipeline.yaml", "--cron", "* * * * *"]
    served = subprocess.Popen([*command, "--port", str(free_port())], env=environment, cwd=project)
    try:
        deadline = time.monotonic() + 240
        statuses: list[str] = []
        while time.monotonic() < deadline and "done" not in statuses:
            time.sleep(2)
            if (project / "data" / "lake" / "runs").exists():
                statuses = Lake(project / "data" / "lake").read(RUNS)["status"].tolist()
        assert "done" in statuses
        started = Lake(project / "data" / "lake").read(RUNS).query("status == 'done'")["started_at"].iloc[0]
        assert started.second < 45  # a run that was due at the full minute, not one that somebody started
    finally:
        served.send_signal(signal.SIGINT)
        served.wait(timeout=60)


def test_prefect_yaml_deploys_to_a_server(environment, tmp_path):
    port = free_port()
    server_env = {**environment, "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    start = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(start, env=server_env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    env = {**environment, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    try:
        for _ in range(120):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
        subprocess.run([*prefect, "work-pool", "create", "cxnlp", "--type", "process"], env=env, check=True)
        subprocess.run([*prefect, "deploy", "--all"], env=env, check=True, cwd=REPOSITORY)
        listed = subprocess.run([*prefect, "deployment", "ls"], env=env, check=True, capture_output=True, text=True)
        assert "nightly/cxnlp" in listed.stdout
        assert "backfill/cxnlp" in listed.stdout
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)
