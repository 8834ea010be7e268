"""OPML 2.0: the requirements of its specification for a subscription list.

The service also requires every text to be HTML. Readers show it as plain text, so this is not checked.
"""

from . import text, uri
from .elements import Bench

HEAD = {"title", "dateCreated", "dateModified", "ownerName", "ownerEmail", "ownerId", "docs"}
OUTLINE = {"text", "type", "title", "xmlUrl", "htmlUrl", "description", "language", "version", "category", "created"}


def validate(root, url):
    bench = Bench(root, url)
    bench.everywhere()
    if root.attributes != {"version": "2.0"} or [child.name for child in root.children] != ["head", "body"]:
        bench.of(root, ["OPML InvalidOPMLVersion"])
        return bench.complaints
    head, body = root.children
    bench.once(head)
    for child in head.children:
        if child.name not in HEAD:
            bench.of(child, ["OPML UndefinedElement"])
        if child.name.startswith("date"):
            bench.of(child, text.rfc822(child.text))
    if not body.children:
        bench.of(body, ["OPML MissingElement: outline"])
    for outline in body.walk():
        if outline is not body:
            _outline(bench, outline)
    return bench.complaints


def _outline(bench, outline):
    bench.attributes(outline, OUTLINE)
    if outline.name != "outline" or outline.text.strip():
        bench.of(outline, ["OPML UndefinedElement"])
    if not outline.attributes.get("text", "").strip():
        bench.of(outline, ["OPML MissingAttribute: text"])
    if "type" not in outline.attributes:
        # A folder, which must not be empty.
        if not outline.children or set(outline.attributes) != {"text"}:
            bench.of(outline, ["OPML MissingOutlineType"])
        return
    if outline.attributes["type"] != "rss" or outline.children:
        bench.of(outline, ["OPML InvalidOutlineType"])
    for demanded in ("xmlUrl", "htmlUrl", "title"):
        if demanded not in outline.attributes:
            bench.of(outline, [f"OPML MissingAttribute: {demanded}"])
    for name in ("xmlUrl", "htmlUrl"):
        bench.of(outline, uri.absolute(outline.attributes.get(name, "")))
