"""Hugo, building the same feeds, or feeds and pages, of the same articles."""

import os
import shutil
import subprocess
import time

import peers

FEEDS = """
baseURL = "http://127.0.0.1:8080/"
title = "Example News"
disableKinds = ["404", "robotstxt", "sitemap", "section", "taxonomy"]
[taxonomies]
category = "categories"
author = "author"
[services.rss]
limit = 20
[outputs]
home = ["rss"]
term = ["rss"]
[markup.goldmark.renderer]
unsafe = true
"""
# Feeds only link to the pages, so Hugo need not render them.
NO_PAGES = '[[cascade]]\n[cascade.build]\nrender = "link"\n[cascade.target]\nkind = "page"\n'


def build(home, what, out=None):
    """Returns the seconds of a build into an empty or new directory, and the peak memory in MB."""
    site = home / "hugo"
    (site / "hugo.toml").write_text(FEEDS + (NO_PAGES if what == "feeds" else ""))
    layouts = site / "layouts" / "_default"
    layouts.mkdir(parents=True, exist_ok=True)
    (layouts / "single.html").write_text("<!doctype html><title>{{ .Title }}</title>{{ .Content }}\n")
    if not out:
        out = site / "public"
        shutil.rmtree(out, ignore_errors=True)
    command = [peers.hugo(), "--quiet", "--source", site, "--destination", out]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "Hugo failed"
    assert (out / "index.xml").exists()
    # On Linux the value is in kB.
    return took, usage.ru_maxrss / 1000
