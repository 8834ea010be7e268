"""Real readers that poll: newsboat and feedparser get 304 if nothing has changed."""

import os
import subprocess

import feedparser

from origin import DEADLINE


def newsboat(origin, directory):
    os.makedirs(directory)
    for path in ["/rss.xml", "/categories/xin-wen/atom.xml"]:
        files = {name: os.path.join(directory, name + path.replace("/", "-")) for name in ["urls", "config", "cache"]}
        for name, text in [("urls", f"http://127.0.0.1:{origin.port}{path}\n"), ("config", "")]:
            with open(files[name], "w", encoding="utf-8") as file:
                file.write(text)
        command = ["newsboat", "-u", files["urls"], "-C", files["config"], "-c", files["cache"], "-x"]
        options = {"timeout": DEADLINE, "capture_output": True, "text": True, "env": {**os.environ, "HOME": directory}}
        run = lambda what: subprocess.run([*command, what], check=True, **options).stdout
        # The second poll of newsboat is unconditional, because it keeps only the validators of that one.
        for _ in range(4):
            run("reload")
        statuses = [status for status, _ in origin.asked(path, "newsboat")]
        assert statuses == [200, 200, 304, 304], f"newsboat on {path}: {statuses}"
        unread = run("print-unread")
        assert unread.startswith("24 "), f"newsboat on {path}: {unread}"
        origin.article(25, f"news at {path}")
        origin.shows(f"news at {path}")
        run("reload")
        assert run("print-unread").startswith("25 "), f"newsboat missed an article of {path}"
        assert origin.asked(path, "newsboat")[-1][0] == 200
        os.remove(os.path.join(origin.directory, "content", "25.md"))
        origin.shows(f"news at {path}", is_there=False)


def universal(origin):
    for path in ["/rss.xml", "/atom.xml"]:
        url = f"http://127.0.0.1:{origin.port}{path}"
        first = feedparser.parse(url)
        assert first.status == 200 and not first.bozo and first.entries, f"feedparser on {path}: {first}"
        etag, modified = {"etag": first.etag}, {"modified": first.modified}
        for known in [etag, modified, {**etag, **modified}]:
            again = feedparser.parse(url, **known)
            assert again.status == 304 and not again.entries, f"feedparser on {path} with {known}: {again.status}"
        other = feedparser.parse(url, etag='W/"other"', modified=first.modified)
        assert other.status == 200, f"feedparser on {path} with another tag: {other.status}"
