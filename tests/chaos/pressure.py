"""Clients that read nothing, and few threads: polls get responses, memory stays within the container, nothing panics."""

import contextlib
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import tempfile
import time

import servers
from servers import ask, environment, eventually

LIMIT = 128 << 20
READERS = 2000


def site(name):
    """Creates a directory with an article and an image of 8 MB, readable by every user."""
    os.chmod(name, 0o755)
    content = pathlib.Path(name) / "content"
    content.mkdir()
    (content / "a.md").write_text("---\ntitle: A\ndate: 2026-01-01\n---\n![](big.png)\n")
    head = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000009000000090800000000")
    (content / "big.png").write_bytes(head + os.urandom(8_000_000))


@contextlib.contextmanager
def container():
    """Creates a cgroup with a memory limit; None if that is impossible."""
    for root, file in (("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")):
        path = pathlib.Path(root) / f"feedmill-chaos-{os.getpid()}"
        with contextlib.suppress(OSError):
            path.mkdir()
            if (path / file).exists():
                (path / file).write_text(str(LIMIT))
                yield path
                eventually("the group is empty", lambda: not (path / "cgroup.procs").read_text())
                path.rmdir()
                return
            path.rmdir()
    yield None


def start(name, command=(), group=None):
    port = servers.free_port()
    flags = ["--bind", f"127.0.0.1:{port}", "--admin-bind", "off", "--drain", "0s", "--log", "text"]
    enter = (lambda: (group / "cgroup.procs").write_text(str(os.getpid()))) if group else None
    child = subprocess.Popen([*command, servers.BINARY, "serve", *flags], env=environment(), cwd=name, preexec_fn=enter,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return child, port


def is_ready(child, port):
    with contextlib.suppress(OSError):
        return ask(port, "/readyz")[0] == 200
    return child.poll() is not None


def anonymous(child):
    return int(re.search(r"^RssAnon:\s+(\d+) kB", pathlib.Path(f"/proc/{child.pid}/status").read_text(), re.M)[1]) * 1024


def slow_readers():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as name, container() as group:
        site(name)
        child, port = start(name, group=group)
        try:
            eventually("the server is ready", lambda: is_ready(child, port), seconds=30)
            assert len(ask(port, "/media/big.png")[2]) > 8_000_000
            before, clients, times = anonymous(child), [], []
            for number in range(READERS):
                client = socket.socket()
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.settimeout(10)
                client.connect(("127.0.0.1", port))
                client.sendall(b"GET /media/big.png HTTP/1.1\r\nHost: a.example\r\n\r\n")
                clients.append(client)
                if number % 10 == 0:
                    began = time.monotonic()
                    assert ask(port, "/rss.xml")[0] == 200
                    times.append(time.monotonic() - began)
            most = anonymous(child)
            for client in clients:
                client.close()
            eventually("memory is released", lambda: anonymous(child) < before + (24 << 20), seconds=12)
            assert child.poll() is None, child.stderr.read()
            return sorted(times)[len(times) * 99 // 100], most - before, bool(group)
        finally:
            child.send_signal(signal.SIGTERM)
            assert child.wait(20) == 0, child.stderr.read()


def few_threads():
    """Starts servers with 1 to 25 threads: each must serve, or end with a message."""
    served = refused = 0
    with tempfile.TemporaryDirectory() as name:
        site(name)
        for most in range(1, 26):
            # A separate user, because the limit counts all threads of a user.
            user = 200_000 + os.getpid() % 10_000 * 100 + most
            become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
            child, port = start(name, [*become, "prlimit", f"--nproc={most}"])
            eventually(f"the server serves with {most} threads or ends", lambda: is_ready(child, port), seconds=30)
            if child.poll() is None:
                for path in ("/rss.xml", "/articles/a/", "/media/big.png"):
                    assert ask(port, path)[0] == 200, (most, path)
                count = len(os.listdir(f"/proc/{child.pid}/task"))
                assert count <= min(most, 24), (most, count)
                child.send_signal(signal.SIGTERM)
            said = child.communicate(timeout=20)[1]
            assert "panicked" not in said, said
            if child.returncode == 2:
                refused += 1
                assert len(said.splitlines()) == 1 and "threads" in said, said
            else:
                served += 1
                assert child.returncode == 0, said
    assert served and refused, (served, refused)
    return served, refused


def main():
    slowest, more, is_limited = slow_readers()
    where = f"in {LIMIT >> 20} MiB" if is_limited else "without a limit of memory"
    print(f"pressure: {READERS} clients that read nothing {where}: p99 of polls {slowest * 1000:.1f} ms, {more >> 20} MiB more")
    # The limit does not apply to root, and only root can switch to another user.
    if os.geteuid() == 0:
        served, refused = few_threads()
        print(f"pressure: 1 to 25 threads: {served} times it served, {refused} times it reported the limit")
