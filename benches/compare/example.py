"""Measures the example that comes with feedmill, from start to first response."""

import time

import feedmill
import peers
from feedmill import Feedmill
from rounds import within


def rows(rounds):
    took = [start() for _ in range(rounds + 1)]
    # The first start reads the binary from disk, not from memory.
    yield within("the example content, from start to first answer", "ms", 50, took[1:], "only if the machine is busy")


def start():
    with Feedmill(peers.ROOT) as server:
        assert feedmill.get(server.address, "/rss.xml")[0] == 200
        return (time.perf_counter() - server.began) * 1000
