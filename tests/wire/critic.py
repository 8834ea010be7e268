"""Runs redbot: it must report nothing bad and no warning, with one exception."""

from configparser import ConfigParser

import thor
from httplint.cache import STORE_PUBLIC_UNNECESSARY
from httplint.note import levels
from redbot.resource import HttpResource

# Feeds have `public`, because caches for signed-in users need it; redbot considers it unnecessary.
FEEDS = ["/rss.xml", "/atom.xml", "/feed.json", "/categories/xin-wen/ke-ji/rss.xml", "/feeds.opml", "/feeds.json"]

ADDRESSES = [
    *FEEDS,
    "/",
    "/categories/xin-wen/",
    "/articles/1/",
    "/media/pic.png",
    "/feed.css",
    "/robots.txt",
    "/categories",
    "/nowhere",
    "/readyz",
]


def check(urls):
    """Returns the findings of redbot and its subrequests (conditions, content codings, ranges) for each URL."""
    config = ConfigParser()
    config.read_dict({"redbot": {"enable_local_access": "True"}})
    open_checks, resources = set(urls), {}

    def begin(url):
        resource = HttpResource(config["redbot"])
        resource.set_request(url)

        @thor.events.on(resource)
        def check_done():
            open_checks.discard(url)
            if not open_checks:
                thor.stop()

        resources[url] = resource
        resource.check()

    for url in urls:
        begin(url)
    thor.run()
    for url, resource in resources.items():
        assert resource.response.complete, f"redbot got no response from {url}: {resource.fetch_error}"
    return {
        url: [note for each in [resource, *resource.subreqs.values()] for note in each.response.notes]
        for url, resource in resources.items()
    }


def criticise(origin):
    at = f"http://127.0.0.1:{origin.port}"
    found = check([at + path for path in ADDRESSES])
    for path in ADDRESSES:
        assert found[at + path], f"redbot reports nothing about {path}"
        for note in found[at + path]:
            excused = isinstance(note, STORE_PUBLIC_UNNECESSARY) and path in FEEDS
            bad = note.level in (levels.BAD, levels.WARN) and not excused
            assert not bad, f"redbot on {path}: {note.level.name}: {note.summary}"
