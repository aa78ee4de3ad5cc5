"""Transcripts of calls: WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format") and SubRip."""

import re
from dataclasses import dataclass
from html import unescape

BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
TIMING = re.compile(r"^\s*((?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3}")
VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]{1,200})>")
TAG = re.compile(r"</?[^>\n]{0,200}>")
NAMED = re.compile(r"^\s*(?:[-–]\s*)?(?:\[([^\]\n]{1,60})\]:?|([^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,3}):)\s+(?=\S)")
NOT_CUES = ("NOTE", "STYLE", "REGION", "WEBVTT")


class NotATranscript(ValueError):
    """A file that is not in the format that it is said to have."""


@dataclass(frozen=True)
class Cue:
    """Words between two times.

    :ivar seconds: when it begins, since the beginning of the call.
    :ivar speaker: empty where the cue does not say.
    """

    seconds: float
    speaker: str
    text: str


@dataclass(frozen=True)
class SpokenTurn:
    """What one speaker said on end.

    :ivar seconds: when it begins, since the beginning of the call.
    """

    seconds: float
    speaker: str
    text: str


def read_cues(text: str, kind: str) -> list[Cue]:
    """Cues in the order of the file.

    The speaker is that of the voice tag (<v Name>), or a name before a colon or in brackets at the beginning; names
    are looked for only where the file's first words have one, so that "Note: it is late" stays words.

    :param kind: vtt or srt.
    :raises NotATranscript: where the header, or every timing, is missing.
    """
    whole = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if kind == "vtt" and not whole.startswith("WEBVTT"):
        raise NotATranscript("does not begin with WEBVTT; is it SubRip (format: srt)?")
    blocks = [block for block in BLANK_LINES.split(whole) if block.strip()]
    if kind == "vtt":
        blocks = [block for block in blocks if not block.lstrip().startswith(NOT_CUES)]
    timed = [found for found in map(_timed, blocks) if found is not None]
    if blocks and not timed:
        raise NotATranscript("no line of it tells times as 00:01:02.000 --> 00:01:04.000")
    has_names = bool(timed) and NAMED.match(timed[0][1]) is not None
    return [cue for seconds, words in timed for cue in _spoken(seconds, words, has_names)]


def to_turns(cues: list[Cue]) -> list[SpokenTurn]:
    """Cues of one speaker on end as one turn; a cue that names nobody goes on with the speaker before."""
    speaker = ""
    together: list[list[Cue]] = []
    for cue in cues:
        is_other = not together or (cue.speaker and cue.speaker != speaker)
        speaker = cue.speaker or speaker
        if is_other:
            together.append([cue])
        else:
            together[-1].append(cue)
    return [SpokenTurn(each[0].seconds, each[0].speaker, " ".join(cue.text for cue in each)) for each in together]


def _timed(block: str) -> tuple[float, str] | None:
    """Beginning and payload of a block; None where it has no timing line."""
    lines = block.strip("\n").split("\n")
    for place, line in enumerate(lines[:2]):
        found = TIMING.match(line)
        if found:
            return _seconds(found[1]), "\n".join(lines[place + 1 :])
    return None


def _spoken(seconds: float, words: str, has_names: bool) -> list[Cue]:
    """The cues of one payload: a line or voice tag for each speaker."""
    parts = VOICE.split(words)
    if len(parts) > 1:
        voiced = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    else:
        voiced = [_named(line) if has_names else ("", line) for line in words.split("\n")]
    return [Cue(seconds, _plain(speaker), _plain(text)) for speaker, text in voiced if _plain(text)]


def _named(line: str) -> tuple[str, str]:
    found = NAMED.match(TAG.sub("", line))
    return (found[1] or found[2], found.string[found.end() :]) if found else ("", line)


def _plain(text: str) -> str:
    return " ".join(unescape(TAG.sub("", text)).split())


def _seconds(time: str) -> float:
    """Seconds of [HH:]MM:SS.mmm."""
    *hours, minutes, seconds = time.replace(",", ".").split(":")
    return 3600 * int(hours[0] if hours else 0) + 60 * int(minutes) + float(seconds)
