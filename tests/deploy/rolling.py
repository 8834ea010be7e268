#!/usr/bin/env python3
"""Twenty rolling restarts of two replicas behind nginx with the configuration in deploy/, without a failed poll."""

import pathlib
import re
import shutil
import sys
import tempfile
import time

from servers import ROOT, TestServer, Nginx, ask, eventually, free_port
from polls import Polls

RESTARTS = int(sys.argv[1]) if len(sys.argv) > 1 else 20


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        root.chmod(0o755)
        shutil.copytree(ROOT / "content", root / "content")
        shutil.copytree(ROOT / "feeds", root / "feeds")
        ports = [free_port(), free_port()]
        flags = ["--base-url", "http://feeds.example.org", "--drain", "500ms", "--admin-bind", "off"]

        def replica(port):
            return TestServer(root / "content", root / "feeds", *flags, bind=f"127.0.0.1:{port}")

        replicas = [replica(port) for port in ports]
        front = free_port()
        shipped = (ROOT / "deploy/nginx/proxy.conf").read_text()
        servers = "\n".join(f"    server 127.0.0.1:{port} max_fails=0;" for port in ports)
        shipped, count = re.subn(r"    server feedmill:8080 max_fails=0;", servers, shipped)
        assert count == 1 and "listen 80;" in shipped
        nginx = Nginx(root, shipped.replace("listen 80;", f"listen 127.0.0.1:{front};"))
        nginx.ready(front)
        polls = Polls(front, ["/rss.xml", "/atom.xml", "/feed.json", "/", "/feeds.opml"], threads=6, seconds=300)
        try:
            for turn in range(RESTARTS):
                which = turn % 2
                replicas[which].child.terminate()
                code = replicas[which].child.wait(20)
                assert code == 0, f"exit code {code}:\n{replicas[which].log()}"
                time.sleep(0.05)
                replicas[which] = replica(ports[which])
                eventually("the replica is ready", lambda: ask(ports[which], "/readyz")[0] == 200)
        finally:
            answers, trouble = polls.finish()
            nginx.end()
            for server in replicas:
                server.end()
        assert not trouble, f"{len(trouble)} failed polls, such as {trouble[:5]}"
        assert answers[200] > 500 and answers[304] > 500, answers
        print(f"rolling: {RESTARTS} restarts during {sum(answers.values())} polls, none failed")


if __name__ == "__main__":
    main()
