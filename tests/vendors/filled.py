"""Vendors with made-up records in them, for trying a source by hand and for the benchmark."""

from collections.abc import Callable

from tests.vendors import app_store, freshdesk, intercom, qualtrics, typeform
from tests.vendors.app_store import AppStore
from tests.vendors.freshdesk import Freshdesk
from tests.vendors.intercom import Intercom
from tests.vendors.qualtrics import Qualtrics
from tests.vendors.server import Vendor
from tests.vendors.typeform import Typeform
from tests.vendors.zendesk import AGENT, Ticket, Zendesk, comment

FIRST_TICKET_AT = 1_767_700_000  # 6 January 2026
SECONDS_APART = 100
WORDS = (
    *("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath"),
    *("inlet", "jetty", "knoll", "larch", "marsh", "north", "ocean", "pearl"),
)
COMPLAINTS = (
    "The parcel has been on its way for two weeks and nobody can tell me where it is.",
    "I was charged twice for the same month and the second amount was never paid back.",
    "The app signs me out every few minutes since the last update, I cannot pay my bill.",
    "Your shop promised half price for a year and the first invoice says something else.",
    "The engineer did not come on Tuesday and nobody called. I took a day off for this.",
    "How do I move my number to the new contract? The page in the help centre is gone.",
)
ANSWERS = ("I am sorry to hear that, let me look into it.", "I have passed it on to our billing team.")


def name_in_words(number: int) -> str:
    """A number as five words, so that a text can be known again after cleaning."""
    digits = [(number >> shift) & 15 for shift in (16, 12, 8, 4, 0)]
    return " ".join(WORDS[digit] for digit in digits)


def filled_zendesk(n_tickets: int) -> Zendesk:
    """A help desk with tickets of two or three comments each."""
    vendor = Zendesk(page_size=1_000)
    for number in range(1, n_tickets + 1):
        at = FIRST_TICKET_AT + number * SECONDS_APART
        requester = 100_000_000 + number % 40_000
        said = [
            comment(requester, f"{COMPLAINTS[number % 6]} My reference is {name_in_words(number)}.", at),
            comment(AGENT, ANSWERS[number % 2], at + 1_800),
        ]
        if number % 3 == 0:
            said.append(comment(requester, "It is still not solved, please call me back.", at + 7_200))
        vendor.put(Ticket(number, requester, "Request", at, at + 7_200, said, group_stations=1 + number % 3))
    return vendor


def filled_freshdesk(n_tickets: int) -> Freshdesk:
    """A help desk with tickets that were answered once."""
    vendor = Freshdesk(page_size=100)
    for number in range(1, n_tickets + 1):
        at = FIRST_TICKET_AT + number * SECONDS_APART
        vendor.put(freshdesk.Ticket(number, 500 + number % 40, COMPLAINTS[number % 6], at, at))
        vendor.say(number, ANSWERS[number % 2], at + 1_800, incoming=False)
    return vendor


def filled_intercom(n_conversations: int) -> Intercom:
    """A workspace with conversations that were answered once."""
    vendor = Intercom(page_size=150)
    for number in range(1, n_conversations + 1):
        at = FIRST_TICKET_AT + number * SECONDS_APART
        vendor.put(intercom.Conversation(str(number), f"C{number % 40}", COMPLAINTS[number % 6], at, at))
        vendor.say(str(number), "admin", ANSWERS[number % 2], at + 1_800)
    return vendor


def filled_typeform(n_responses: int) -> Typeform:
    """A form whose open question is answered by everybody."""
    vendor = Typeform(page_size=1_000)
    for number in range(1, n_responses + 1):
        at = FIRST_TICKET_AT + number * SECONDS_APART
        vendor.put(typeform.Response(number, at, number % 11, COMPLAINTS[number % 6], f"C{number % 40}"))
    return vendor


def filled_qualtrics(n_responses: int) -> Qualtrics:
    """A survey whose open question is answered by everybody."""
    vendor = Qualtrics()
    for number in range(1, n_responses + 1):
        at = FIRST_TICKET_AT + number * SECONDS_APART
        vendor.put(qualtrics.Response(number, at, number % 11, COMPLAINTS[number % 6], f"C{number % 40}"))
    return vendor


def filled_app_store(n_reviews: int) -> AppStore:
    """An app with reviews, of which the feed gives the newest 500."""
    vendor = AppStore(page_size=50)
    for number in range(1, n_reviews + 1):
        at = FIRST_TICKET_AT + number * SECONDS_APART
        vendor.put(app_store.Review(number, at, 1 + number % 5, "Not happy", COMPLAINTS[number % 6]))
    return vendor


FILLED: dict[str, Callable[[int], Vendor]] = {
    "app_store": filled_app_store,
    "freshdesk": filled_freshdesk,
    "intercom": filled_intercom,
    "qualtrics": filled_qualtrics,
    "typeform": filled_typeform,
    "zendesk": filled_zendesk,
}
