"""Hexo, building its two feeds of the same articles, and nothing else."""

import json
import shutil
import subprocess

import peers

PACKAGES = [f"hexo@{peers.HEXO_VERSION}", "hexo-generator-feed@3.0.0", "hexo-renderer-marked@7.0.1"]
# No theme and no page generators: only reading, rendering and the feeds are left.
SITE = """
title: Example News
url: http://127.0.0.1:8080
theme: false
feed: {type: [atom, rss2], path: [atom.xml, rss2.xml], limit: 20}
"""


def packages():
    """Installs Hexo, and returns the directory of its modules."""
    home = peers.WORK / f"hexo-{peers.HEXO_VERSION}"
    if not (home / "whole").exists():
        peers.debian("npm", "npm")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        (home / "package.json").write_text(json.dumps({"private": True, "hexo": {"version": peers.HEXO_VERSION}}))
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent", *PACKAGES]
        subprocess.run(command, cwd=home, check=True, stdout=subprocess.DEVNULL)
        (home / "whole").touch()
    return home


def build(home):
    """Returns the seconds to build the feeds, without the cache of an earlier build."""
    site = site_of(home)
    for kept in ("db.json", "public"):
        path = site / kept
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    took = peers.seconds(site / "node_modules" / ".bin" / "hexo", "generate", "--silent", cwd=site)
    for feed in ("atom.xml", "rss2.xml"):
        assert (site / "public" / feed).stat().st_size > 10_000, f"{feed} shows no articles"
    return took


def site_of(home):
    """Copies the articles for Hexo, which does not follow symlinks."""
    site = home / "hexo"
    if not (site / "whole").exists():
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(home / "content", site / "source" / "_posts")
        (site / "_config.yml").write_text(SITE)
        shutil.copy(packages() / "package.json", site)
        (site / "node_modules").symlink_to(packages() / "node_modules")
        (site / "whole").touch()
    return site
