"""Requests per second, against nginx serving the same bytes."""

import re
import subprocess

import articles
import mill
from mill import Mill
from nginx import Nginx
from peers import WORK
from rounds import alternate, at_least

SERVER, LOAD = 0, 1  # Cores: one for who answers, one for who asks.
SECONDS = 2
CONNECTIONS = 32
# The newest articles that come to about 60 kB.
SIXTY_KB = "feeds: {limit: 12}\n"
REASON = "three quarters of the time are the system's, and equal (two calls an answer); Actix takes longer than nginx for the rest"


def requests(url, *lines, script=None):
    """Answers per second over some seconds."""
    headers = [part for line in lines for part in ("-H", line)]
    lua = ["-s", script] if script else []
    command = ["taskset", "-c", str(LOAD), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *lua, *headers, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said and "connect 0, read 0, write 0" not in said:
        raise RuntimeError(said)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def rows(rounds):
    home = articles.make(10_000)
    settings(home, SIXTY_KB)
    with Mill(home, core=SERVER) as ours:
        _, headers, body = mill.get(ours.address, "/rss.xml")
        with Nginx(body, headers, SERVER) as theirs:
            tag = mill.get(theirs.address, "/rss.xml")[1]["etag"]
            size = f"{len(body) / 1000:.0f} kB"
            for name, bar, lines, our_lines, their_lines in [
                (f"gzip, of {size}", 1.15, ["Accept-Encoding: gzip"], [], []),
                (f"identity, {size}", 0.9, [], [], []),
                ("304 to If-None-Match", 0.95, [], [f"If-None-Match: {headers['etag']}"], [f"If-None-Match: {tag}"]),
                ("gzip, connections closed", 0.85, ["Accept-Encoding: gzip", "Connection: close"], [], []),
            ]:
                pair = alternate(
                    rounds,
                    lambda: requests(ours.url("/rss.xml"), *lines, *our_lines),
                    lambda: requests(theirs.url("/rss.xml"), *lines, *their_lines),
                )
                yield at_least(f"requests against nginx: {name}", "/s", bar, *pair, REASON)
    yield spread(rounds)


def spread(rounds):
    """A thousand feeds of one size against one of them."""
    home = articles.make(10_000, leaves=50)
    settings(home, "")
    with Mill(home, core=SERVER) as ours:
        # Leaves of the category tree have ten articles each.
        feeds = [path for path in feed_paths(ours) if path.count("/") == 5]
        assert len(feeds) == 1000, len(feeds)
        for feed in feeds:
            assert mill.get(ours.address, feed, "Accept-Encoding: gzip")[0] == 200
        scripts = [script(name, paths) for name, paths in [("thousand", feeds), ("one", feeds[:1])]]
        pair = alternate(rounds, *(lambda lua=lua: requests(ours.url("/"), script=lua) for lua in scripts))
    return at_least("requests spread over 1,000 feeds, against one of them", "/s", 0.9, *pair, REASON)


def script(name, paths):
    """What wrk asks for, in turn."""
    file = WORK / f"{name}.lua"
    listed = ",".join(f'"{path}"' for path in paths)
    file.write_text(
        f"local paths, at = {{{listed}}}, 0\nlocal lines = {{['Accept-Encoding'] = 'gzip'}}\n"
        "request = function() at = at % #paths + 1; return wrk.format('GET', paths[at], lines) end\n"
    )
    return file


def feed_paths(server):
    """The RSS of every feed, as the catalogue has them."""
    body = mill.get(server.address, "/feeds.json")[2].decode()
    return [re.sub(r"^http://[^/]+", "", found) for found in re.findall(r'"rss":"([^"]+)"', body)]


def settings(home, text):
    """The site.yaml of a set of articles."""
    (home / "feeds").mkdir(exist_ok=True)
    (home / "feeds" / "site.yaml").write_text(text)
