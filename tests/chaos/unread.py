"""Servers whose log is not read, because a pipe is full or a terminal stopped: they respond, follow edits and end."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

import servers
from servers import ask, environment, eventually

LONG = "/" + "a" * 8000


def article(title):
    return f"---\ntitle: {title}\ndate: 2026-01-01\n---\nText.\n"


def is_ready(port):
    with contextlib.suppress(OSError):
        return ask(port, "/readyz")[0] == 200
    return False


def unread(kind):
    reader, writer = os.pipe() if kind == "pipe" else os.openpty()
    if kind == "pipe":
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writer, b"\n" * 4096)
        os.set_blocking(writer, True)
    with tempfile.TemporaryDirectory() as name:
        content = pathlib.Path(name) / "content"
        content.mkdir()
        (content / "a.md").write_text(article("A"))
        port, admin = servers.free_port(), servers.free_port()
        command = [servers.BINARY, "serve", "--content", content, "--bind", f"127.0.0.1:{port}", "--admin-bind",
                   f"127.0.0.1:{admin}", "--access-log", "on", "--log", "text", "--drain", "100ms"]
        child = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=writer, cwd=name)
        os.close(writer)
        try:
            eventually(f"the server is ready with an unread {kind}", lambda: is_ready(port), seconds=30)

            def flood():
                for _ in range(60):
                    assert ask(port, LONG)[0] == 404

            clients = [threading.Thread(target=flood) for _ in range(4)]
            for client in clients:
                client.start()
            for number in range(20):
                (content / "b.md").write_text(article(f"B{number}"))
                eventually(f"edit {number}", lambda: f"B{number}<".encode() in ask(port, "/rss.xml")[2])
            for client in clients:
                client.join(60)
            assert b'"stale":false' in ask(port, "/readyz")[2]
            metrics = ask(admin, "/metrics")[2].decode()
            dropped = int(re.search(r"^feedmill_log_lines_dropped_total (\d+)", metrics, re.M)[1])
            assert dropped > 0, metrics
            began = time.monotonic()
            child.send_signal(signal.SIGTERM)
            assert child.wait(10) == 0
            return dropped, time.monotonic() - began
        finally:
            child.kill()
            child.wait()
            os.close(reader)


def main():
    for kind in ("pipe", "terminal"):
        dropped, took = unread(kind)
        print(f"unread: a full {kind}: 240 requests and 20 edits answered, {dropped} lines dropped, ended in {took:.1f} s")
