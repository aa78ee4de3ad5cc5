"""Addresses of devices: IP (4 and 6) and MAC."""

import ipaddress
import re

from cxnlp.clean.finder import Finder, before

DOTTED = re.compile(r"\d\.\d{1,3}\.\d|[0-9a-fA-F]:[0-9a-fA-F:]")
IP = re.compile(
    r"(?<![\w.:/-])(?:(?P<four>\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5}|/\d{1,2})?|(?P<six>(?:"
    r"[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}))(?![\w:-]|\.\d)"
)
MAC_SIGN = re.compile(r"[0-9a-fA-F]{2}[:-][0-9a-fA-F]{2}[:-]|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}")
MAC = re.compile(
    r"(?<![\w:-])(?:[0-9a-fA-F]{2}(?P<sign>[:-])(?:[0-9a-fA-F]{2}(?P=sign)){4}[0-9a-fA-F]{2}|(?:"
    r"[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4})(?![\w:-])"
)
VERSION = re.compile(
    r"\b(?:version|firmware|build|release|ver|v|update|software|section|chapter|ios|android|app)[^\n\w]{0,3}$",
    re.IGNORECASE,
)


def _ip(found: re.Match[str]) -> str | None:
    """A sound address that is no version number; 0.0.0.0 and the loopback address are nobody's."""
    if VERSION.search(before(found, 16)):
        return None
    try:
        address = ipaddress.ip_address(found["four"] or found["six"])
    except ValueError:
        return None
    is_nobodys = address.is_loopback or address.is_unspecified
    return None if is_nobodys or len(found.group()) < 7 else str(address)


def _mac(found: re.Match[str]) -> str | None:
    return "".join(character for character in found.group().lower() if character.isalnum())


IPS = Finder("IP", DOTTED, IP, _ip)
MACS = Finder("MAC", MAC_SIGN, MAC, _mac)
