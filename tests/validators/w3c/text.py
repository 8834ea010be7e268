"""Plain text, dates, languages, people: values that the service takes for markup or rejects (R3–R5, R7, A4, A7, G8, G10)."""

import re
from datetime import date, datetime, timedelta, timezone
from email.utils import getaddresses
from html.entities import name2codepoint
from pathlib import Path

from .html import TAGS

LANGUAGES = set((Path(__file__).parent / "languages.txt").read_text().split())
DOMAIN = r"(([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([A-Z0-9\-]+\.)+))([A-Z0-9][-A-Z0-9]*)"
EMAIL = re.compile(rf"([A-Z0-9_\-+.']+)@{DOMAIN}$", re.I)
EMAIL_IN_BRACKETS = re.compile(rf"<([A-Z0-9_\-+.']+)@{DOMAIN}>", re.I)
RFC822 = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d\d\d\d "
    r"\d\d:\d\d(:\d\d)? ([+-]?\d\d[03]0|UT|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|Z)$"
)
MEDIA_TYPE = re.compile(
    r"[^\s()<>,;:\\\"/[\]?=]+/[^\s()<>,;:\\\"/[\]?=]+(\s*;\s*[^\s()<>,;:\\\"/[\]?=]+="
    r"(\"(\\\"|[^\"])*\"|[^\s()<>,;:\\\"/[\]?=]+))*$"
)


def plain(value, line, marked, in_rss, message="ContainsHTML"):
    """Returns the complaints about plain text; `marked` has the lines that contain `&#x`."""
    tags = [tag for tag in re.findall(r"</(\w+)>", value) if tag.lower() in TAGS]
    if tags:
        return [f"R5 {message}: </{tags[0]}>"]
    if line in marked:
        return []
    known = [v for v in re.findall(r"&(#?\w+)", value) if v in name2codepoint or v == "apos" or not v.isalpha()]
    if known:
        return [f"R5 {message}: &{known[0]};"]
    if in_rss and not re.search(r"&(#?\w+)", value) and re.search(r"&#[x0-9]|<[/a-zA-Z]", value):
        return ["R5 CharacterData"]
    return []


def characters(pieces):
    """Returns the complaints about single characters (G2), in the pieces that the parser delivers."""
    for piece in pieces:
        if re.search(r"[\x80-\x9f\ufffd]", piece):
            yield "G2 BadCharacters: a C1 control or U+FFFD"
        if re.search(r"[\u00c2\u00c3][\u0080-\u00bf]", piece):
            try:
                piece.encode("iso-8859-1").decode("utf-8")
                yield f"G2 BadCharacters: UTF-8 encoded twice in {piece[:60]!r}"
            except UnicodeError:
                pass


def language(value):
    return [] if value.split("-", 1)[0].lower() in LANGUAGES else [f"G10 InvalidLanguage: {value!r}"]


def rfc822(value):
    if not RFC822.match(value):
        return [f"R3 InvalidRFC2822Date: {value!r}"]
    day, month, year = re.search(r"(\d\d?) (\w\w\w) (\d{4})", value).groups()
    try:
        moment = datetime.strptime(f"{day} {month} {year}", "%d %b %Y").replace(tzinfo=timezone.utc)
    except ValueError as error:
        return [f"R3 InvalidRFC2822Date: {error}"]
    if "," in value and moment.year > 1900 and moment.strftime("%a") != value[:3]:
        return [f"R3 IncorrectDOW: {value}"]
    if not value.endswith((" GMT", " +0000")):
        return [f"R3 ProblematicalRFC822Date: {value}"]
    clock = re.search(r"(\d\d):(\d\d)(?::(\d\d))?", value).groups(default="0")
    moment += timedelta(hours=int(clock[0]), minutes=int(clock[1]), seconds=int(clock[2]))
    return _plausible(moment, timedelta(minutes=10))


def rfc3339(value):
    if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*)?(Z|[+-]\d\d:\d\d)$", value):
        return [f"A4 InvalidRFC3339Date: {value!r}"]
    try:
        date(int(value[:4]), int(value[5:7]), int(value[8:10]))
        moment = datetime.fromisoformat(re.sub(r"\.\d*", "", value))
    except ValueError as error:
        return [f"A4 InvalidRFC3339Date: {error}"]
    return _plausible(moment, timedelta(days=1))


def _plausible(moment, ahead):
    if moment.year < 1990 or moment > datetime.now(timezone.utc) + ahead:
        return [f"G8 ImplausibleDate: {moment}"]
    return []


def contact(value):
    """Returns the complaints about a person in RSS, as in `mail@host.tld (Real Name)`."""
    if value.find("@") > 0 and not value.endswith(")"):
        return ["R7 EmailFormat" if " " in value else "R7 MissingRealName"]
    found = getaddresses([value])
    address = found[0][1] if len(found) == 1 else value
    return [] if EMAIL.match(address) else [f"R7 InvalidContact: {value!r}"]


def media_type(value):
    return [] if MEDIA_TYPE.match(value) else [f"G11 InvalidMIMEAttribute: {value!r}"]


def integer(value, least=0):
    return [] if re.fullmatch(r"\d+", value) and int(value) >= least else [f"G12 InvalidInteger: {value!r}"]
