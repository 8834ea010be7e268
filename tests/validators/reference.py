"""The expected properties of each entry of a corpus site, from its article file alone.

They come from other parsers (tests/reference_parsers), the path and the bytes of the file, RFC 9562 and RFC 3986, and
from nothing of feedmill except its documented rules for ids and URLs.
"""

import html
import json
import re
import unicodedata
import uuid
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent.parent
CORPUS = PROJECT.parent / "shared" / "corpus"


def sites():
    """Name, content directory, dialect and expected entries by id of every corpus site."""
    for file in sorted((PROJECT / "tests" / "reference_parsers").glob("*.json")):
        site = json.loads(file.read_text(encoding="utf-8"))
        content = CORPUS / site["site"] / site["content"]
        if not content.is_dir():
            raise SystemExit(f"there is no {content} beside this checkout")
        articles = [reading for reading in site["files"] if reading["outcome"] == "article"]
        yield site["site"], content, site["dialect"], {_id(content, a["path"]): a for a in articles}


def _id(content, path):
    """The id of the article at a path (docs/guarantees.md#identity-lasts)."""
    namespace = uuid.uuid5(uuid.NAMESPACE_URL, "feedmill:")
    text = (content / path).read_text(encoding="utf-8-sig", errors="replace")
    front = re.match(r"\s*-{3,}\s*\n(.*?)\n-{3,}\s*\n", text, re.S)
    own = front and re.search(r"^(?:id|guid|uuid):[ \t]*(\S.*?)[ \t]*$", front.group(1), re.M | re.I)
    place = own.group(1).strip("'\"") if own else path
    if own and re.match(r"(https?|tag|urn):\S+$", place):
        return place
    return f"urn:uuid:{uuid.uuid5(namespace, unicodedata.normalize('NFC', place))}"


def page(base, path):
    """The default URL of an article's page: its path without extensions and without a final `index`."""
    stem = re.sub(r"(\.(md|markdown|mdown|mkd|mdx|html|htm))+$", "", path, flags=re.I)
    parts = stem.split("/")
    if len(parts) > 1 and parts[-1] == "index":
        parts.pop()
    return f"{base}articles/{quote(unicodedata.normalize('NFC', '/'.join(parts)), safe='/-._~!$&()*+,;=:@' + chr(39))}/"


def cleaned(title):
    """A title as one line of text: without pairs of inline tags and control characters, its references decoded, white
    space collapsed."""
    title = re.sub(r"<(em|strong|b|i|code)>(.*?)</\1>", r"\2", title)
    title = re.sub(r"&(#\d+|#[xX][0-9a-fA-F]+|\w+);", lambda reference: html.unescape(reference[0]), title)
    kept = "".join(" " if unicodedata.category(c) == "Cc" else c for c in title)
    return " ".join(kept.split())


# The date of entries that have none: 2000-01-01.
UNDATED = 946684800


def instant(date):
    return None if date == "-" else int(datetime.fromisoformat(date).timestamp())


def is_due(article):
    """Whether the article is published and has not expired."""
    now = datetime.now(timezone.utc).timestamp()
    published, expires = instant(article["date"]), instant(article["expires"])
    return (published is None or published <= now) and (expires is None or expires > now)


def validate(entry, article, base):
    """Yields the differences between an entry and its article."""
    # A note: the parser gives it its file name for a title, and the feed none.
    is_note = not entry["title"] and re.fullmatch(r"[\d-]+", article["title"])
    if entry["title"] != cleaned(article["title"]) and not is_note:
        yield f"title {entry['title']!r}, the parser reads {article['title']!r}"
    if entry["link"] != page(base, article["path"]):
        yield f"link {entry['link']!r}, the path says {page(base, article['path'])!r}"
    # Articles that have only a day are a second apart.
    written = instant(article["date"]) or UNDATED
    is_day = written % 86400 == 0 and written <= entry["date"] < written + 60
    if entry["date"] != written and not is_day:
        yield f"date {entry['date']}, the parser reads {article['date']}"
    lead = article["lead"] if article["lead"] != "-" else article["image"]
    is_remote = re.match(r"https?://[^\s?]+\.(jpe?g|png|gif|webp)$", lead, re.I)
    found = [url for url, _, _ in entry["enclosures"]]
    if is_remote and lead.isascii() and lead not in found:
        yield f"enclosure {found}, the parser finds {lead!r} first"
