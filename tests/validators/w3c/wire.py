"""Checks before parsing: media type, charset, size, first bytes (G1, G3)."""

LIMIT = 5_000_000
FEED_TYPES = {
    "text/xml",
    "application/xml",
    "application/rss+xml",
    "application/atom+xml",
    "text/x-opml",
}


def validate(content_type, body):
    media_type, _, parameters = (part.strip() for part in content_type.partition(";"))
    charset = dict(part.strip().split("=", 1) for part in parameters.split(";") if "=" in part).get("charset")
    if len(body) > LIMIT:
        yield f"G3 ValidatorLimit: {len(body)} bytes"
    if not body.startswith(b'<?xml version="1.0" encoding="utf-8"?>'):
        yield "G1 MissingEncoding"
    if charset is None or charset.strip('"').lower() != "utf-8":
        yield f"G1 EncodingMismatch: {charset}"
    if media_type not in FEED_TYPES:
        yield f"G3 UnexpectedContentType: {media_type}"
    root = next((name for name in (b"<rss", b"<feed", b"<opml") if name in body[:512]), None)
    if root is None:
        yield "G3 NonSpecificMediaType: the root element is too far below"
    specific = {b"<rss": "application/rss+xml", b"<feed": "application/atom+xml", b"<opml": "text/x-opml"}
    if media_type in specific.values() and root and specific[root] != media_type:
        yield f"G3 UnexpectedContentType: {media_type} for {root.decode()}"
