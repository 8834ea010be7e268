"""redbot as a critic: no note of its that is bad or a warning is allowed, but for one word."""

from configparser import ConfigParser

import thor
from httplint.cache import STORE_PUBLIC_UNNECESSARY
from httplint.note import levels
from redbot.resource import HttpResource

# Feeds say `public`, as operators who let caches sign in expect of them; redbot finds it needless.
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
    """What redbot and its own questions (conditions, codings, ranges) find at each address."""
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
        assert resource.response.complete, f"redbot got no answer from {url}: {resource.fetch_error}"
    return {
        url: [note for each in [resource, *resource.subreqs.values()] for note in each.response.notes]
        for url, resource in resources.items()
    }


def criticise(origin):
    at = f"http://127.0.0.1:{origin.port}"
    found = check([at + path for path in ADDRESSES])
    for path in ADDRESSES:
        assert found[at + path], f"redbot says nothing at all of {path}"
        for note in found[at + path]:
            excused = isinstance(note, STORE_PUBLIC_UNNECESSARY) and path in FEEDS
            bad = note.level in (levels.BAD, levels.WARN) and not excused
            assert not bad, f"redbot on {path}: {note.level.name}: {note.summary}"
