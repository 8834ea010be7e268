"""nginx with one worker, serving the same bodies and header lines from files."""

import shutil
import socket
import subprocess
import time

import feedmill
import peers

# Headers that nginx writes by itself.
ITS_OWN = {"content-length", "content-type", "content-encoding", "date", "etag", "last-modified", "connection"}

SETTINGS = """
daemon off; worker_processes 1; pid {home}/pid; error_log {home}/error.log crit;
events {{ worker_connections 4096; }}
http {{
    access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; server_tokens off;
    keepalive_timeout 75s; keepalive_requests 1000000000; gzip_static on; gzip_vary off;
    open_file_cache max=4096 inactive=60s; open_file_cache_valid 60s; open_file_cache_min_uses 1;
    types {{ application/xml xml; }} charset utf-8; charset_types application/xml;
    client_body_temp_path {home}/t1; proxy_temp_path {home}/t2; fastcgi_temp_path {home}/t3;
    uwsgi_temp_path {home}/t4; scgi_temp_path {home}/t5;
    server {{ listen 127.0.0.1:{port} backlog=2048; root {home}/root; {lines} }}
}}
"""


class Nginx:
    """Serves the responses of a feedmill server for these paths, and ends with its `with` block."""

    def __init__(self, ours, paths, core):
        home = peers.WORK / "nginx"
        shutil.rmtree(home, ignore_errors=True)
        (home / "root").mkdir(parents=True)
        # The worker drops root, and must still be able to read the files.
        for directory in [home, *home.parents]:
            if directory.stat().st_uid == 0:
                directory.chmod(directory.stat().st_mode | 0o011)
        for path in paths:
            file = home / "root" / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            _, headers, body = feedmill.get(ours.address, path)
            file.write_bytes(body)
            file.with_name(file.name + ".gz").write_bytes(feedmill.get(ours.address, path, feedmill.GZIP)[2])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = free.getsockname()
        own = {name: value for name, value in headers.items() if name not in ITS_OWN}
        lines = " ".join(f'add_header {name} "{value}";' for name, value in own.items())
        settings = home / "nginx.conf"
        settings.write_text(SETTINGS.format(home=home, port=self.address[1], lines=lines))
        command = ["taskset", "-c", str(core), peers.nginx(), "-p", home, "-c", settings, "-e", home / "error.log"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE)
        self.wait(paths[0])

    def wait(self, path):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                assert feedmill.get(self.address, path)[0] == 200, "nginx does not find its file"
                return
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    raise RuntimeError(self.process.stderr.read().decode()) from None
                time.sleep(0.02)
        raise TimeoutError("nginx did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
