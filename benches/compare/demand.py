"""Measures the first response of feeds that were never requested before: 30 entries of 4 kB each."""

import time

import articles
import feedmill
from feedmill import GZIP, Feedmill
from rounds import within
from serving import feed_paths, settings

CROWD = 1000
BUSY = "nothing else may run meanwhile: it takes 6 ms of one core, and waiting for one counts"


def rows(_rounds):
    home = articles.make(100_000)
    settings(home, "feeds: {limit: 30}\n")
    with Feedmill(home, "--document-cache", "512MiB") as server:
        feeds = [path for path in feed_paths(server) if "/categories/" in path]
        firsts = []
        with feedmill.connect(server.address) as client:
            for path in feeds[1:]:
                firsts.append(timed(client, path))
        yield within("first answer of a feed never requested before, median", "ms", 10, firsts, BUSY)
        worst = sorted(firsts)[len(firsts) * 99 // 100]
        yield within("… 99th percentile", "ms", 10, [worst], BUSY)
        yield within(f"{CROWD:,} clients requesting one feed at once, until the last response", "ms", 1000, [crowd(server, feeds[0])], "")


def timed(client, path):
    """Returns the milliseconds until the response is complete."""
    began = time.perf_counter()
    client.sendall(feedmill.request(path, GZIP))
    assert feedmill.answer(client)[0] == 200
    return (time.perf_counter() - began) * 1000


def crowd(server, path):
    """Returns the milliseconds until all of many clients have the same complete response."""
    clients = [feedmill.connect(server.address) for _ in range(CROWD)]
    asked = feedmill.request(path, GZIP)
    began = time.perf_counter()
    for client in clients:
        client.sendall(asked)
    answers = [feedmill.answer(client) for client in clients]
    took = (time.perf_counter() - began) * 1000
    assert {status for status, _, _ in answers} == {200}
    assert len({body for _, _, body in answers}) == 1
    for client in clients:
        client.close()
    return took
