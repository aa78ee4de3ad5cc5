"""Services are tried on the small company of the flow tests."""

from tests.flows.conftest import project

__all__ = ["project"]
