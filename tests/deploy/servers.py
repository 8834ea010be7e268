"""Starts and stops the servers under test, and sends requests to them.

Everything listens on the loopback interface, on ports that the system picks or that were free a moment ago.
"""

import contextlib
import gzip
import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("FEEDMILL_BINARY", str(ROOT / "target/debug/feedmill"))


def eventually(what, attempt, seconds=15):
    """Waits until `attempt` returns something true; `what` describes it in the error."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = attempt()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f"never happened: {what}")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def environment(**more):
    """Returns the environment without FEEDMILL_ variables, which must not reach the program."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FEEDMILL_")} | more


def by_clock(offset=None, file=None):
    """Returns environment variables that give a program another time: an offset such as `+1h`, or a file with one, which
    may change. The duration of waits does not change."""
    wrapper = subprocess.run(["faketime", "-m", "-f", "+0", "printenv", "LD_PRELOAD"], capture_output=True, text=True, check=True)
    time_of = {"FAKETIME": offset} if offset else {"FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1"}
    return {"LD_PRELOAD": wrapper.stdout.strip(), "FAKETIME_DONT_FAKE_MONOTONIC": "1", **time_of}


def ask(port, path, method="GET", headers=None, timeout=10):
    """Sends one request on a new connection, and returns status, headers with lower-case names, and the raw body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    with contextlib.closing(connection):
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def plain(headers, body):
    return gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body


class Process:
    """A program in its own process group, whose output is read continuously."""

    def __init__(self, command, env=None, cwd=None):
        self.lines = []
        self.child = subprocess.Popen(
            command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            process_group=0,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.child.stdout:
            self.lines.append(line.decode(errors="replace").rstrip())

    def log(self):
        return "\n".join(self.lines)

    def send(self, sign):
        """Sends a signal to the whole group, because a wrapper such as faketime does not forward signals."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, sign)

    def is_left(self):
        """Whether a process of the group is still running; zombies do not count."""
        self.child.poll()
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                state, _, group = stat.read_text().rsplit(")", 1)[1].split()[:3]
                if int(group) == self.child.pid and state not in "ZX":
                    return True
        return False

    def end(self, sign=signal.SIGTERM, seconds=20):
        """Ends the group, and waits until no process is left."""
        self.send(sign)
        try:
            eventually("the end of all processes", lambda: not self.is_left(), seconds)
        except AssertionError:
            self.send(signal.SIGKILL)
            raise AssertionError(f"still running after {seconds} s:\n{self.log()}") from None
        return self.child.wait()


class TestServer(Process):
    """A running feedmill server; `port` is the port of its public listener."""

    def __init__(self, content, feeds, *flags, command=(), env=None, cwd=None, bind="127.0.0.1:0"):
        flags = ["--content", str(content), "--feeds", str(feeds), "--bind", bind, "--log", "json", *flags]
        if "--admin-bind" not in flags:
            flags += ["--admin-bind", "127.0.0.1:0"]
        super().__init__([*command, BINARY, "serve", *flags], env=env or environment(), cwd=cwd)
        self.port = self.port_after("listening on http://")

    def port_after(self, words):
        def found():
            for line in list(self.lines):
                match = re.search(re.escape(words) + r"[0-9.]+:(\d+)", line)
                if match:
                    return int(match[1])
            if self.child.poll() is not None:
                raise AssertionError(f"the server ended with {self.child.returncode}:\n{self.log()}")
            return None

        return eventually(f"{words} in\n{self.log()}", found, seconds=60)

    @property
    def admin(self):
        return self.port_after("admin on http://")

    def get(self, path, **headers):
        return ask(self.port, path, headers={name.replace("_", "-"): value for name, value in headers.items()})


class Nginx(Process):
    """nginx with one server block, in its own directory."""

    def __init__(self, directory, http_lines):
        directory = pathlib.Path(directory)
        (directory / "nginx.conf").write_text(
            f"""daemon off; master_process on; worker_processes 1; pid {directory}/pid; error_log {directory}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off; client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/f; uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
    types {{ text/html html; }} default_type application/octet-stream;
{http_lines}
}}
"""
        )
        self.directory = directory
        test = subprocess.run(["nginx", "-t", "-q", "-c", directory / "nginx.conf"], capture_output=True, text=True)
        assert test.returncode == 0, test.stderr
        super().__init__(["nginx", "-c", str(directory / "nginx.conf")])

    def ready(self, port):
        def answers():
            assert self.child.poll() is None, self.log() + (self.directory / "error.log").read_text()
            with contextlib.suppress(OSError):
                return ask(port, "/")[0] > 0
            return False

        eventually("nginx answers", answers)
        return self
