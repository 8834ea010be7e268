"""Measures requests per second, against nginx serving the same bytes."""

import re
import subprocess

import articles
import feedmill
import peers
from feedmill import GZIP, Feedmill
from nginx import Nginx
from peers import WORK
from rounds import alternate, at_least

SERVER, LOAD = 0, 1  # One core for the server, one for the load generator.
SECONDS = 2
CONNECTIONS = 32
FEED = ["/rss.xml"]
# The newest articles, about 60 kB.
SIXTY_KB = "feeds: {limit: 12}\n"
REASON = "explained above by the processor time of a response"
FAR = "their 15 MB do not fit into the core's own cache, and copying a body from farther away takes 0.85 µs longer"


def requests(server, paths, *lines):
    """Returns the responses per second."""
    file = WORK / "paths"
    file.write_text("\n".join(paths))
    host, port = server.address
    command = [peers.program("polling"), f"{host}:{port}", str(SECONDS), str(CONNECTIONS), file, *lines]
    said = subprocess.run(["taskset", "-c", str(LOAD), *command], capture_output=True, text=True, check=True)
    return float(said.stdout)


def rows(rounds):
    home = articles.make(10_000)
    settings(home, SIXTY_KB)
    with Feedmill(home, core=SERVER) as ours:
        _, headers, body = feedmill.get(ours.address, FEED[0])
        with Nginx(ours, FEED, SERVER) as theirs:
            tag = feedmill.get(theirs.address, FEED[0])[1]["etag"]
            size = f"{len(body) / 1000:.0f} kB"
            for name, bar, lines, our_lines, their_lines in [
                (f"gzip, of {size}", 1.15, [GZIP], [], []),
                (f"identity, {size}", 0.9, [], [], []),
                ("304 to If-None-Match", 0.95, [], [f"If-None-Match: {headers['etag']}"], [f"If-None-Match: {tag}"]),
                ("gzip, connections closed", 0.85, [GZIP, "Connection: close"], [], []),
            ]:
                pair = alternate(
                    rounds,
                    lambda: requests(ours, FEED, *lines, *our_lines),
                    lambda: requests(theirs, FEED, *lines, *their_lines),
                )
                yield at_least(f"requests against nginx: {name}", "/s", bar, *pair, REASON)
    yield from spread(rounds)


def spread(rounds):
    """Compares a thousand feeds of the same size with a single one, and with nginx serving as many."""
    home = articles.make(10_000, leaves=50)
    settings(home, "")
    with Feedmill(home, core=SERVER) as ours:
        # The leaves of the category tree have ten articles each.
        feeds = [path for path in feed_paths(ours) if path.count("/") == 5]
        assert len(feeds) == 1000, len(feeds)
        with Nginx(ours, feeds, SERVER) as theirs:
            pair = alternate(rounds, lambda: requests(ours, feeds, GZIP), lambda: requests(theirs, feeds, GZIP))
        yield at_least("… gzip, spread over 1,000 feeds of 15 kB", "/s", 1, *pair, REASON)
        pair = alternate(rounds, lambda: requests(ours, feeds, GZIP), lambda: requests(ours, feeds[:1], GZIP))
    yield at_least("requests spread over them, against one of them", "/s", 0.9, *pair, FAR)


def feed_paths(server):
    """Returns the path of every RSS feed in feeds.json."""
    body = feedmill.get(server.address, "/feeds.json")[2].decode()
    return [re.sub(r"^http://[^/]+", "", found) for found in re.findall(r'"rss":"([^"]+)"', body)]


def settings(home, text):
    """Writes the site.yaml for a set of articles."""
    (home / "feeds").mkdir(exist_ok=True)
    (home / "feeds" / "site.yaml").write_text(text)
