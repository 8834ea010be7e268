"""What the generators' modules exchange with `sites.py`.

A generator is a module with two functions:

    write(directory, random) -> Site    writes a site with this generator of random numbers, and nothing else that varies
    publish(directory, site) -> posts   runs the generator, and returns each published post as a Post; None if it stops
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

HOME = "https://example.org"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
TOOLS = TARGET / "tools" / "sites"


@dataclass
class Site:
    content: str
    """The content directory for feedmill, relative to the site."""
    settings: str = ""
    """Further lines of site.yaml."""
    environment: dict = field(default_factory=dict)
    """Variables for feedmill, for example TZ."""
    notes: dict = field(default_factory=dict)
    """Whatever `publish` has to know."""


@dataclass
class Post:
    """A published post. What is None is not compared."""

    path: str
    """Relative to the content directory."""
    url: str | None = None
    id: str | None = None
    """The id in the generator's own feed."""
    instant: str | None = None
    """In UTC, as 2021-08-04T05:06:07Z; `none` without a date."""
    categories: set | None = None
    """Tuples of names from the top: each category and the categories above it."""
    tags: set | None = None


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
