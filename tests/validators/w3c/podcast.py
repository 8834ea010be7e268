"""The elements of Apple (G12), and those of the podcast namespace, which the service does not look into."""

import re

from . import text, uri

CHANNEL = set("author block category explicit image owner type new-feed-url".split())
ITEM = set("author block duration episode episodeType explicit image season title".split())
# The elements of the podcast namespace that feedmill uses, with their attributes
# (docs/decisions/podcasts.md#elements).
PODCAST = {
    "channel": {"guid": (), "locked": ("owner",), "funding": ("url",)},
    "item": {
        "transcript": ("url", "type", "language", "rel"),
        "chapters": ("url", "type"),
        "person": ("role", "group", "img", "href"),
    },
}
MANY = ("itunes:category", "podcast:funding", "podcast:transcript", "podcast:person")
HOST = re.compile(r"https?://([\w-]+\.)+[\w-]+(:\d+)?(/|$)", re.I)
DURATION = re.compile(r"\d+(:[0-5][0-9](:[0-5][0-9])?)?$")


def element(bench, child):
    """Checks a child of the channel or of an item; whether it is one of these namespaces."""
    prefix, _, name = child.name.partition(":")
    parent = child.parent.name
    if prefix == "podcast" and name in PODCAST[parent]:
        bench.leaf(child)
        bench.attributes(child, PODCAST[parent][name])
        for url in ("url", "img", "href"):
            # The brackets of an IPv6 host are left to whoever reads these elements.
            if url in child.attributes and "://[" not in child.attributes[url]:
                bench.of(child, uri.absolute(child.attributes[url]))
    elif prefix == "itunes" and name in (CHANNEL if parent == "channel" else ITEM):
        _apple(bench, child, name)
    else:
        return False
    return True


def _apple(bench, child, name):
    value = child.text.strip()
    if name not in ("category", "owner"):
        bench.leaf(child)
    bench.attributes(child, {"category": ("text",), "image": ("href",)}.get(name, ()))
    match name:
        case "author" | "title":
            bench.plain(child)
            if name == "author" and len(child.text) > 255:
                bench.of(child, ["G12 TooLong"])
        case "explicit" if value not in ("true", "false"):
            bench.of(child, [f"G12 InvalidTrueFalse: {value!r}"])
        case "duration" if not DURATION.match(value):
            bench.of(child, [f"G12 InvalidDuration: {value!r}"])
        case "episode" | "season":
            bench.of(child, text.integer(value, 1))
        case "episodeType" if value not in ("full", "trailer", "bonus"):
            bench.of(child, [f"G12 InvalidItunesEpisodeType: {value!r}"])
        case "type" if value not in ("episodic", "serial"):
            bench.of(child, [f"G12 InvalidItunesChannelType: {value!r}"])
        case "image":
            href = child.attributes.get("href", "")
            bench.of(child, uri.absolute(href))
            bench.of(child, uri.playable(href) if not HOST.match(href) else [])
        case "owner":
            bench.once(child)
            if child.first("itunes:email") is None:
                bench.of(child, ["G12 MissingElement: itunes:email"])
            for part in child.children:
                bench.plain(part)
        case "category" if "text" not in child.attributes:
            bench.of(child, ["G12 MissingAttribute: text"])


def channel(bench, root):
    """Checks what a channel with any element of Apple must have."""
    if not any(child.name.startswith("itunes:") for child in root.walk()):
        return
    names = {child.name for child in root.children}
    for demanded in ("language", "itunes:category", "itunes:explicit", "itunes:owner"):
        if demanded not in names:
            bench.of(root, [f"G12 MissingItunesElement: {demanded}"])
