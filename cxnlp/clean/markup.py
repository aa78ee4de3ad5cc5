"""HTML to text: tags and entities out, line breaks where a block began, everything that is no HTML left alone."""

import html
import re

from selectolax.lexbor import LexborHTMLParser

MAX_DEPTH = 200  # the parser's time grows with the square of open elements; deeper tags are left out beforehand
BLOCKS = (
    "address|article|aside|blockquote|body|br|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr|html|li"
    "|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
INLINE = (
    "a|abbr|acronym|b|big|button|cite|code|col|colgroup|del|em|font|i|img|ins|kbd|label|link|mark|meta|o:p|q|s|samp|small"
    "|span|strike|strong|sub|sup|tt|u|var|wbr"
)
VOID = {"br", "hr", "img", "link", "meta", "col", "wbr", "p", "li", "td", "tr", "dt", "dd"}
UNREAD = ("script", "style", "head", "title", "template", "svg")

# A tag is a known name with attributes that have values: "<i think so>" and "<EMAIL_1>" are words.
TAG = rf"<(?P<close>/?)(?P<name>(?P<block>{BLOCKS})|{INLINE})(?P<attributes>\s++[\w:-]++\s*+=[^<>]*+)?\s*+/?+\s*+>"
ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
DECLARATION = r"<!doctype[^<>]{0,200}>"
MARKUP = re.compile(rf"(?P<tag>{TAG})|(?P<declaration>{DECLARATION})|(?P<entity>{ENTITY})|[<&]", re.IGNORECASE)
NESTED_AMPERSAND = re.compile(r"&(?:(?:amp|#0{0,4}38|#[xX]0{0,4}26);)++", re.IGNORECASE)
UNREAD_START = {name: re.compile(rf"<{name}(?=[\s>])[^<>]*+>", re.IGNORECASE) for name in UNREAD}
UNREAD_END = {name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in UNREAD}
COMMENT_START = re.compile("<!--")
COMMENT_END = re.compile("-->")


def strip_markup(text: str) -> str:
    """The words of `text` without tags, scripts and comments, entities decoded.

    A parser reads it only where a known tag or entity stands; all other `<` and `&` are kept as they are.
    """
    if "<" not in text and "&" not in text:
        return text
    prepared = _Preparation()
    source = MARKUP.sub(prepared.write, NESTED_AMPERSAND.sub("&amp;", _without_unread(text)))
    if not prepared.tag_count:
        return html.unescape(source)
    body = LexborHTMLParser(source).body
    return "" if body is None else str(body.text())


def disarm_markup(text: str) -> str:
    """Break what still looks like a tag or entity, so that nothing later takes it for one."""
    return MARKUP.sub(lambda found: found.group().replace("<", " ").replace("&", " "), text)


def _without_unread(text: str) -> str:
    """Leave out what a browser does not show: comments, scripts, styles, the head."""
    if "<" not in text:
        return text
    text = _without_between(text, COMMENT_START, COMMENT_END)
    for name in UNREAD:
        text = _without_between(text, UNREAD_START[name], UNREAD_END[name])
    return text


def _without_between(text: str, start: re.Pattern[str], end: re.Pattern[str]) -> str:
    """Leave out each part from a start to the next end; a start that never ends is words."""
    kept, position = [], 0
    while (opened := start.search(text, position)) and (closed := end.search(text, opened.end())):
        kept += [text[position : opened.start()], " "]
        position = closed.end()
    return "".join([*kept, text[position:]])


class _Preparation:
    """Rewrites each `<` and `&` for the parser and counts the tags."""

    def __init__(self) -> None:
        self.tag_count = 0
        self.depth = 0

    def write(self, found: re.Match[str]) -> str:
        """What stands for `found` in the parser's source."""
        if found["tag"]:
            self.tag_count += 1
            return self._tag(found["name"].lower(), bool(found["close"]), bool(found["block"]))
        if found["declaration"]:
            return " "
        if found["entity"] and html.unescape(found.group()) != found.group():
            return found.group()
        return html.escape(found.group())

    def _tag(self, name: str, is_close: bool, is_block: bool) -> str:
        """The bare tag, with a line break where it begins or ends a block; nothing where too deep."""
        line_break = "\n" if is_block and (not is_close or name in {"p", "div", "table"}) else ""
        if name not in VOID:
            self.depth += -1 if is_close else 1
        if self.depth > MAX_DEPTH or self.depth < 0:
            self.depth = max(self.depth, 0)
            return line_break or " "
        return f"{line_break}<{'/' if is_close else ''}{name}>"
