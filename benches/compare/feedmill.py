"""Starts and stops feedmill, and sends requests over plain sockets."""

import pathlib
import re
import socket
import subprocess
import threading
import time

from peers import FEEDMILL

GZIP = "Accept-Encoding: gzip"
FLAGS = ["--bind", "127.0.0.1:0", "--admin-bind", "off", "--drain", "0s", "--log", "text"]


class Feedmill:
    """A server on a content directory, which ends with its `with` block."""

    def __init__(self, directory, *flags, core=None, content="content"):
        pinned = ["taskset", "-c", str(core)] if core is not None else []
        self.began = time.perf_counter()
        # The working directory is the site, so that only its own feeds/ is read.
        command = [*pinned, FEEDMILL, "--content", content, *FLAGS, *flags]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=directory)
        for line in self.process.stderr:
            if found := re.search(r"listening on http://([\d.]+):(\d+)", line):
                self.listening = time.perf_counter()
                self.address = (found[1], int(found[2]))
                break
        else:
            raise RuntimeError(f"feedmill did not start in {directory}")
        # The output must be read, because a full pipe would fill the queue of the log.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def memory(self, key="VmRSS"):
        """Returns the resident memory in kB, or with `VmHWM` its peak."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{key}:\s+(\d+)", status)[1])


def connect(address):
    client = socket.create_connection(address, timeout=60)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def request(path, *lines):
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def answer(client):
    """Reads one response: status, headers with lower-case names, body."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += received(client)
    head, body = got.split(b"\r\n\r\n", 1)
    status, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    length = int(headers.get("content-length", 0))
    while len(body) < length:
        body += received(client)
    return int(status.split()[1]), headers, body


def received(client):
    piece = client.recv(1 << 16)
    if not piece:
        raise ConnectionError("the connection was closed during a response")
    return piece


def get(address, path, *lines):
    with connect(address) as client:
        client.sendall(request(path, *lines))
        return answer(client)
