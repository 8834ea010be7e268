"""Measures ten thousand connections that stay open after a gzip response."""

import resource

import articles
import feedmill
from feedmill import GZIP, Feedmill
from rounds import alternate, at_least, within
from serving import FEED, SERVER, SIXTY_KB, requests, settings

CONNECTIONS = 10_000


def rows(rounds):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # Leaves room for the other open files of Python and feedmill.
    count = min(CONNECTIONS, most - 500)
    home = articles.make(10_000)
    settings(home, SIXTY_KB)
    with Feedmill(home, core=SERVER) as quiet, Feedmill(home, core=SERVER) as crowded:
        for server in (quiet, crowded):
            # Warms up, because the first polls allocate memory that does not belong to a connection.
            requests(server, FEED, GZIP)
        before = crowded.memory()
        clients = [ask(crowded.address) for _ in range(count)]
        each = (crowded.memory() - before) * 1.024 / count
        yield within(f"memory of a connection, {count:,} idle after a gzip response", "kB", 20, [each], "")
        pair = alternate(rounds, lambda: requests(crowded, FEED, GZIP), lambda: requests(quiet, FEED, GZIP))
        yield at_least("polls beside them, against polls without", "/s", 0.9, *pair, "only if the machine is busy")
        for client in clients:
            client.close()


def ask(address):
    client = feedmill.connect(address)
    client.sendall(feedmill.request("/rss.xml", GZIP))
    status, _, _ = feedmill.answer(client)
    assert status == 200
    return client
