"""Readers of Python and Debian: each returns the fields of the entries of a document.

An entry is a dictionary of FIELDS and `id`. A field that the reader does not return is missing or None.
"""

import calendar
import io
import re
import sqlite3
import subprocess
from datetime import timezone

import atoma
import fastfeedparser
import feedparser
import podcastparser
import reader

from desktop import Newsboat

FIELDS = ("title", "author", "date", "language", "categories", "link", "url", "length", "type", "duration", "content")


def _seconds(moment):
    return moment and int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp())


def by_feedparser(document):
    feed = feedparser.parse(document.body, sanitize_html=False, resolve_relative_uris=False)
    for entry in feed.entries:
        content = entry.content[0] if entry.get("content") else entry.get("summary_detail", {})
        date = entry.get("published_parsed")
        names = [author.get("name") for author in entry.get("authors", [])]
        yield {
            "id": entry.get("id"),
            "title": entry.get("title"),
            "author": ", ".join(name for name in names if name) or entry.get("author"),
            "date": date and calendar.timegm(date),
            "language": entry.get("language") or content.get("language") or feed.feed.get("language"),
            "categories": [tag.get("label") or tag.get("term") for tag in entry.get("tags", [])],
            "link": entry.get("link"),
            "enclosures": [(e.get("href"), e.get("length"), e.get("type")) for e in entry.get("enclosures", [])],
            "duration": entry.get("itunes_duration"),
            "content": content.get("value"),
        }


def by_fastfeedparser(document):
    from datetime import datetime

    for entry in map(dict, fastfeedparser.parse(document.body).entries):
        content = entry.get("content") or []
        yield {
            "id": entry.get("id"),
            "title": entry.get("title"),
            "author": entry.get("author"),
            "date": entry.get("published") and _seconds(datetime.fromisoformat(entry["published"])),
            "categories": entry.get("tags") and [tag.get("label") or tag.get("term") for tag in entry["tags"]],
            "link": entry.get("link"),
            "enclosures": None if document.format == "atom" else [(e.get("url"), e.get("length"), e.get("type")) for e in entry.get("enclosures", [])],
            "content": content[0].get("value") if content else entry.get("description"),
        }


def _seconds_of(attachments):
    duration = attachments and attachments[0].duration
    return duration and duration.total_seconds()


def by_atoma(document):
    if document.format == "rss":
        for item in atoma.parse_rss_bytes(document.body).items:
            yield {
                "id": item.guid,
                "title": item.title,
                "author": item.author,
                "date": _seconds(item.pub_date),
                "categories": item.categories,
                "link": item.link,
                "enclosures": [(e.url, e.length, e.type) for e in item.enclosures],
                "content": item.content_encoded or item.description,
            }
    elif document.format == "atom":
        for entry in atoma.parse_atom_bytes(document.body).entries:
            content = entry.content or entry.summary
            yield {
                "id": entry.id_,
                "title": entry.title.value,
                "author": ", ".join(author.name for author in entry.authors),
                "date": _seconds(entry.published),
                "language": getattr(entry.title, "lang", None),
                "categories": [category.label or category.term for category in entry.categories],
                "link": next(link.href for link in entry.links if link.rel == "alternate"),
                "enclosures": [(e.href, e.length, e.type_) for e in entry.links if e.rel == "enclosure"],
                "content": content and content.value,
            }
    else:
        for item in atoma.parse_json_feed_bytes(document.body).items:
            yield {
                "id": item.id_,
                "title": item.title,
                "author": item.author and item.author.name,
                "date": _seconds(item.date_published),
                "categories": item.tags,
                "link": item.url,
                "enclosures": [(a.url, a.size_in_bytes, a.mime_type) for a in item.attachments],
                "duration": _seconds_of(item.attachments),
                "content": item.content_html or item.content_text,
            }


def by_podcastparser(document):
    for episode in podcastparser.parse("http://feed.example/", io.BytesIO(document.body))["episodes"]:
        yield {
            "id": episode["guid"],
            "title": episode["title"],
            "author": episode.get("itunes_author"),
            "date": episode["published"] or None,
            "link": episode["link"],
            "enclosures": [(e["url"], e["file_size"], e["mime_type"]) for e in episode["enclosures"][:1]],
            "duration": episode["total_time"] or None,
            "content": episode.get("description_html") or episode["description"],
        }


def by_reader(document):
    """The library `reader`, which subscribes to the server and stores entries as applications do."""
    library = reader.make_reader(":memory:")
    library.add_feed(document.address)
    library.update_feeds()
    error = library.get_feed(document.address).last_exception
    if error:
        raise ValueError(str(error))
    for entry in library.get_entries():
        content = entry.content[0] if entry.content else None
        yield {
            "id": entry.id,
            "title": entry.title,
            "author": entry.author,
            "date": _seconds(entry.published),
            "language": content and content.language,
            "link": entry.link,
            "enclosures": [(e.href, e.length, e.type) for e in entry.enclosures],
            "content": content.value if content else entry.summary,
        }


def by_sfeed(document):
    run = subprocess.run(["sfeed"], input=document.body, capture_output=True, check=True, timeout=60)
    for line in run.stdout.decode("utf-8").split("\n")[:-1]:
        date, title, link, content, _, id, author, enclosure, categories, *_ = line.split("\t")
        yield {
            "id": id,
            "title": title,
            "author": author,
            "date": int(date) if date else None,
            "categories": categories.split("|") if categories else [],
            "link": link,
            "enclosures": [(enclosure, None, None)] if enclosure else [],
            "content": re.sub(r"\\(.)", lambda escape: {"n": "\n", "t": "\t"}.get(escape[1], escape[1]), content),
        }


def by_newsboat(document):
    boat = Newsboat([document.address])
    boat.reload()
    with sqlite3.connect(boat.cache) as store:
        rows = store.execute("select guid, title, author, url, pubDate, content, enclosure_url, enclosure_type from rss_item").fetchall()
    boat.close()
    for guid, title, author, url, date, content, enclosure, kind in rows:
        yield {
            "id": guid,
            "title": title,
            "author": author,
            "date": date,
            "link": url,
            "enclosures": [(enclosure, None, kind)] if enclosure else [],
            "content": content,
        }


READERS = {
    "feedparser": (by_feedparser, ("rss", "atom")),
    "fastfeedparser": (by_fastfeedparser, ("rss", "atom", "json")),
    "atoma": (by_atoma, ("rss", "atom", "json")),
    "podcastparser": (by_podcastparser, ("rss",)),
    "reader": (by_reader, ("rss", "atom", "json")),
    "sfeed": (by_sfeed, ("rss", "atom")),
    "newsboat": (by_newsboat, ("rss", "atom")),
}
