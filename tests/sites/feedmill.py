"""Builds a site with feedmill, and returns its posts."""

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import uuid
from pathlib import Path

from posts import HOME, Post, write

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "validators"))
from test_server import binary  # noqa: E402

UNDATED = "2000-01-01T00:00:00Z"
BASE = "https://feeds.example.org"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "feedmill:")
SETTINGS = f"home: {HOME}\narticle_url: site\nfeeds: {{limit: 1000000, max_bytes: 1000000000, content: summary, formats: [json]}}\n"


def build(directory, site, settings):
    """Returns the directory of the output."""
    feeds, out = directory.parent / "feeds", directory.parent / "feedmill"
    shutil.rmtree(out, ignore_errors=True)
    write(feeds / "site.yaml", SETTINGS + site.settings + settings)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDMILL_")}
    command = [binary(), "build", "--content", directory / site.content, "--feeds", feeds, "--out", out, "--base-url", BASE]
    done = subprocess.run(command, capture_output=True, text=True, env={"TZ": "UTC", **environment, **site.environment})
    if done.returncode != 0:
        raise SystemExit(f"feedmill in {directory}:\n{done.stderr[-3000:]}")
    return out


def feed(out, address):
    return json.loads((out / address.removeprefix(BASE + "/")).read_text())["items"]


def posts(directory, site, with_ids):
    """Returns the published posts by their paths, and the paths of all text files."""
    root = directory / site.content
    files = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    paths = {uuid.uuid5(NAMESPACE, unicodedata.normalize("NFC", path)).urn: path for path in files}
    out = build(directory, site, "")
    catalogue = json.loads((out / "feeds.json").read_text())["feeds"]
    found, order = {}, []
    catalogue = [one for one in catalogue if one["kind"] != "taxonomy" or one["path"][0] in site.notes.get("feeds", [])]
    for one in catalogue:
        if one["kind"] not in ("site", "taxonomy"):
            continue
        for item in feed(out, one["json"]):
            # feedmill writes this date for articles without one.
            instant = re.sub(r"\.\d+Z", "Z", item.get("date_published", UNDATED)).replace(UNDATED, "none")
            post = Post(paths[item["id"]], item["url"], None, instant, set(), set())
            found[item["id"]] = post
            order.append(post)
    for one in catalogue:
        if one["kind"] in ("category", "tag"):
            for item in feed(out, one["json"]):
                if one["kind"] == "tag":
                    found[item["id"]].tags.add(one["path"][0])
                else:
                    found[item["id"]].categories.add(tuple(one["path"]))
    if with_ids:
        out = build(directory, site, "ids: permalink\n")
        items = [item for one in catalogue if one["kind"] in ("site", "taxonomy") for item in feed(out, one["json"])]
        for post, item in zip(order, items, strict=True):
            post.id = item["id"]
    return {post.path: post for post in order}
