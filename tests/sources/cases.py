"""The proved sources: each with a filled vendor server, its credential and the fields that an API change may rename."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.sources.bench import Bench, ask_here, read_source
from tests.vendors import freshdesk, intercom, zendesk
from tests.vendors.server import Vendor

MAY = int(datetime.fromisoformat("2026-05-01T08:00:00+00:00").timestamp())
HOUR = 3600


@dataclass(frozen=True)
class Case:
    """One proved source.

    :ivar base: what follows the server's address in base_url.
    :ivar secret: attribute of the vendor that holds its secret.
    :ivar renamed: fields of a page or record that must be there.
    """

    name: str
    base: str
    fill: Callable[[], Vendor]
    variables: dict[str, str]
    token: str
    secret: str
    renamed: tuple[str, ...]
    n_items: int

    def sign_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the credential into the environment."""
        for name, value in self.variables.items():
            monkeypatch.setenv(name, value)

    def bench(self, folder: Path, vendor: Vendor, **bounds: float) -> Bench:
        """The source of `pipelines/sources/` on a lake of its own."""
        parts = read_source(self.name, ask_here(vendor.url, self.base, **bounds))
        return Bench(
            folder, {kind: parts[kind] for kind in ("feedback", "events", "customers") if kind in parts}, vendor
        )


def words(number: int) -> str:
    """What the customer of one made-up record says."""
    return "" if number == 5 else f"My parcel number {number} has not come, it is late again."


def filled_zendesk() -> zendesk.Zendesk:
    """Eight tickets on three pages; one is without words, one is a thread."""
    vendor = zendesk.Zendesk(page_size=3)
    for number in range(1, 9):
        at = MAY + number * HOUR
        said = [zendesk.comment(10_000 + number, words(number), at)]
        vendor.put(zendesk.Ticket(number, 10_000 + number, "Late", at, at, said))
    vendor.say(2, zendesk.AGENT, "It left the depot this morning.", MAY + 20 * HOUR)
    vendor.say(2, zendesk.AGENT, "Carrier lost it, do not tell.", MAY + 21 * HOUR, public=False)
    vendor.say(2, 10_002, "Thank you, it came.", MAY + 22 * HOUR)
    return vendor


def filled_freshdesk() -> freshdesk.Freshdesk:
    """Eight tickets on three pages; one is without words, one is a thread of two pages."""
    vendor = freshdesk.Freshdesk(page_size=3)
    for number in range(1, 9):
        at = MAY + number * HOUR
        vendor.put(freshdesk.Ticket(number, 500 + number, words(number), at, at))
    vendor.say(2, "It left the depot this morning.", MAY + 20 * HOUR, incoming=False)
    vendor.say(2, "Carrier lost it, do not tell.", MAY + 21 * HOUR, incoming=False, private=True)
    vendor.say(2, "Still nothing here.", MAY + 22 * HOUR, incoming=True)
    vendor.say(2, "Thank you, it came.", MAY + 23 * HOUR, incoming=True)
    return vendor


def filled_intercom() -> intercom.Intercom:
    """Eight conversations on three pages; one is without words, one is a thread, one was opened by an agent."""
    vendor = intercom.Intercom(page_size=3)
    for number in range(1, 9):
        at = MAY + number * HOUR
        vendor.put(intercom.Conversation(str(number), f"C{number}", words(number), at, at))
    vendor.say("2", "admin", "It left the depot this morning.", MAY + 20 * HOUR)
    vendor.say("2", "admin", "Carrier lost it, do not tell.", MAY + 21 * HOUR, part_type="note")
    vendor.say("2", "user", "Thank you, it came.", MAY + 22 * HOUR)
    vendor.conversations["7"].opened_by = "admin"
    vendor.say("7", "lead", "No, I want to cancel.", MAY + 19 * HOUR)
    return vendor


ZENDESK = {"ZENDESK_USER": zendesk.USERNAME, "ZENDESK_TOKEN": zendesk.PASSWORD}
PROVED = {
    case.name: case
    for case in (
        Case(
            "zendesk",
            "/api/v2/",
            filled_zendesk,
            ZENDESK,
            "ZENDESK_TOKEN",
            "password",
            ("tickets", "id", "created_at"),
            7,
        ),
        Case(
            "freshdesk",
            "/api/v2/",
            filled_freshdesk,
            {"FRESHDESK_KEY": freshdesk.KEY},
            "FRESHDESK_KEY",
            "key",
            ("id", "created_at", "updated_at"),
            7,
        ),
        Case(
            "intercom",
            "/",
            filled_intercom,
            {"INTERCOM_TOKEN": intercom.TOKEN},
            "INTERCOM_TOKEN",
            "token",
            ("conversations", "id", "created_at"),
            7,
        ),
    )
}
