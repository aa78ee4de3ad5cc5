"""One text explained: its clauses, what was read in them, how surely, and the words that tell it, in colour."""

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text as Line

from cxnlp.label.clauses import split_clauses
from cxnlp.label.frames import Labelled
from cxnlp.label.labeler import Labeler
from cxnlp.label.records import BreakdownRecord, ItemRecord, to_records
from cxnlp.label.tokens import readable

COLOURS = {-2: "bold red", -1: "red", 0: "yellow", 1: "green", 2: "bold green"}
EVIDENCE = "reverse"


def explain_text(labeler: Labeler, text: str, console: Console) -> None:
    """Print what the model reads in `text`; the text is shown as it is, never as markup."""
    text = readable(text)
    labelled = labeler.label_texts([text])
    record = next(to_records(labelled))
    console.print(Group(_marked(text, record), _answers(record, labelled), _mentions(record)))


def _marked(text: str, record: ItemRecord) -> Line:
    """The text, a clause a line, quotes of mentions in the colour of their sentiment, the breakdown's reversed."""
    line = Line(text)
    for mention in record["mentions"]:
        line.stylize(COLOURS[mention["sentiment"]], mention["quote_start"], mention["quote_end"])
    breakdown = record["breakdown"]
    if breakdown["quote_start"] is not None and breakdown["quote_end"] is not None:
        line.stylize(EVIDENCE, breakdown["quote_start"], breakdown["quote_end"])
    parts = [line[clause.start : clause.end] for clause in split_clauses(text)]
    return Line("\n").join(parts)


def _answers(record: ItemRecord, labelled: Labelled) -> Table:
    table = Table("", "answer", "probability", "", title="item", title_justify="left")
    sentiment = Line(str(record["sentiment"]), COLOURS[record["sentiment"]])
    table.add_row(
        "sentiment", sentiment, f"{record['sentiment_probability']:.2f}", _unsure("sentiment_abstained" in record)
    )
    table.add_row(
        "demand", record["demand"], f"{record['demand_probability']:.2f}", _unsure("demand_abstained" in record)
    )
    item = labelled.items.iloc[0]
    for name in ("service_sentiment", "experience_sentiment"):
        table.add_row(name.replace("_", " "), "-" if item.isna()[name] else f"{item[name]:+.1f}", "", "")
    _add_breakdown(table, record["breakdown"])
    return table


def _add_breakdown(table: Table, breakdown: BreakdownRecord) -> None:
    table.add_row("domain", breakdown["domain"], f"{breakdown['probability']:.2f}", _unsure("abstained" in breakdown))
    table.add_row("cause", breakdown["cause"], f"{breakdown['cause_probability']:.2f}", "")


def _mentions(record: ItemRecord) -> Table:
    table = Table("touchpoint", "stage", "sentiment", "probability", "words", title="mentions", title_justify="left")
    for mention in record["mentions"]:
        sentiment = Line(f"{mention['sentiment']:+d}", COLOURS[mention["sentiment"]])
        words = Line(mention["quote"])
        table.add_row(mention["touchpoint"], mention["stage"], sentiment, f"{mention['probability']:.2f}", words)
    return table


def _unsure(abstained: bool) -> str:
    return "unsure" if abstained else ""
