"""Readers from PyPI: each parses a document and yields its entries in one common form. Invalid documents raise."""

import calendar
import io
from datetime import timezone

import atoma
import fastfeedparser
import feedparser
import podcastparser


def seen(id, title, link, date, enclosures):
    """An entry in the common form: `date` in seconds or None, enclosures as (url, length, type)."""
    return {"id": id, "title": title or "", "link": link, "date": date, "enclosures": enclosures}


def _seconds(moment):
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return int(moment.timestamp())


def by_feedparser(body, format):
    feed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    if feed.bozo:
        raise ValueError(f"bozo: {feed.bozo_exception}")
    for entry in feed.entries:
        date = entry.get("published_parsed")
        enclosures = [(e.get("href"), e.get("length"), e.get("type")) for e in entry.get("enclosures", [])]
        yield seen(entry.get("id"), entry.get("title"), entry.get("link"), date and calendar.timegm(date), enclosures)


def by_fastfeedparser(body, format):
    from datetime import datetime

    for entry in fastfeedparser.parse(body).entries:
        entry = dict(entry)
        date = entry.get("published")
        enclosures = [(e.get("url"), e.get("length"), e.get("type")) for e in entry.get("enclosures", [])]
        yield seen(
            entry.get("id"),
            entry.get("title"),
            entry.get("link"),
            date and _seconds(datetime.fromisoformat(date)),
            enclosures,
        )


def by_atoma(body, format):
    if format == "rss":
        for item in atoma.parse_rss_bytes(body).items:
            enclosures = [(e.url, e.length, e.type) for e in item.enclosures]
            yield seen(item.guid, item.title, item.link, _seconds(item.pub_date), enclosures)
    elif format == "atom":
        for entry in atoma.parse_atom_bytes(body).entries:
            link = next(link.href for link in entry.links if link.rel == "alternate")
            enclosures = [(e.href, e.length, e.type_) for e in entry.links if e.rel == "enclosure"]
            title = entry.title.value
            if entry.title.text_type.value == "html":
                from html import unescape

                title = unescape(title)
            yield seen(entry.id_, title, link, _seconds(entry.published), enclosures)
    else:
        for item in atoma.parse_json_feed_bytes(body).items:
            enclosures = [(a.url, a.size_in_bytes, a.mime_type) for a in item.attachments]
            yield seen(item.id_, item.title, item.url, _seconds(item.date_published), enclosures)


def by_podcastparser(body, format):
    feed = podcastparser.parse("http://feed.example/", io.BytesIO(body))
    for episode in feed["episodes"]:
        # podcastparser takes media:content for an enclosure, too; the first is that of RSS.
        enclosures = [(e["url"], e["file_size"], e["mime_type"]) for e in episode["enclosures"][:1]]
        yield seen(episode["guid"], episode["title"], episode["link"], episode["published"] or None, enclosures)


READERS = {
    "feedparser": by_feedparser,
    "fastfeedparser": by_fastfeedparser,
    "atoma": by_atoma,
    "podcastparser": by_podcastparser,
}
