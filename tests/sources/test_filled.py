"""The vendors that can be served by hand: each has what its source asks for."""

import pytest

from tests.sources.bench import Bench, ask_here, read_source
from tests.vendors.filled import FILLED

SERVED = [
    ("app_store", "/", {}),
    ("qualtrics", "/API/v3/", {"QUALTRICS_TOKEN": "qx-secret-1"}),
    ("typeform", "/", {"TYPEFORM_TOKEN": "tfp_secret_1"}),
]


@pytest.mark.parametrize(("name", "path", "secrets"), SERVED, ids=[name for name, *_ in SERVED])
def test_a_vendor_served_by_hand_is_pulled_whole(tmp_path, monkeypatch, name, path, secrets):
    for variable, value in secrets.items():
        monkeypatch.setenv(variable, value)
    with FILLED[name](60).serving() as vendor:
        assert vendor.credentials == " ".join(f"{variable}={value}" for variable, value in secrets.items())
        parts = read_source(name, ask_here(vendor.url, path))
        assert Bench(tmp_path, {"feedback": parts["feedback"]}, vendor).pull(name).items == 60
