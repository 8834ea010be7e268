"""Rules of JSON Feed 1.1 that a schema cannot express."""

import json
import re


def validate(url, content_type, body):
    """Yields the faults of a document."""
    if content_type != "application/feed+json; charset=utf-8":
        yield f"media type {content_type}"
    if not body.startswith(b'{"version":"https://jsonfeed.org/version/1.1"'):
        yield "the version does not come first"
    feed = json.loads(body.decode("utf-8"), object_pairs_hook=_unique)
    if feed.get("feed_url") != url:
        yield f"feed_url {feed.get('feed_url')}"
    if "next_url" in feed or not feed.get("title") or not feed.get("home_page_url"):
        yield "no title or home page, or a next page"
    ids = [item["id"] for item in feed["items"]]
    if len(ids) != len(set(ids)) or not all(isinstance(id, str) and id for id in ids):
        yield "ids are not unique strings"
    for thing in [feed, *feed["items"]]:
        if "author" in thing:
            yield "`author` is of version 1"
        for author in thing.get("authors", []):
            if not set(author) & {"name", "url", "avatar"} or set(author) - {"name", "url", "avatar"}:
                yield f"an author without a name: {author}"
        yield from (f"{key} is empty" for key, value in thing.items() if value in ("", None) or (value == [] and key != "items"))
    for item in feed["items"]:
        if ("content_html" in item) == ("content_text" in item):
            yield f"{item['id']} needs exactly one content"
        for key in ("date_published", "date_modified"):
            if key in item and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", item[key]):
                yield f"{key} {item[key]}"
        for key in ("url", "image", "banner_image"):
            if key in item and not re.match(r"https?://[!-~]+$", item[key]):
                yield f"{key} {item[key]}"
        for attachment in item.get("attachments", []):
            numbers = [attachment.get(name, 0) for name in ("size_in_bytes", "duration_in_seconds")]
            unknown = set(attachment) - {"url", "mime_type", "size_in_bytes", "duration_in_seconds"}
            if unknown or not all(isinstance(number, int) and number >= 0 for number in numbers):
                yield f"attachment {attachment}"


def _unique(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a duplicate key: {keys}")
    return dict(pairs)
