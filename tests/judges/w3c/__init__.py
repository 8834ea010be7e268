"""The rules of the W3C Feed Validation Service (docs/decisions/validity.md), written anew from them and the facts of its sources.

The service itself cannot be installed here. Each complaint names the rule (G1 … A10) and the class the service would
name. Knows documents as they are on the wire; deliberately does not know what feedmill meant to write: that is
`witness.py`'s.
"""

from . import atom, opml, rss, wire
from .tree import NotWellFormed, parse

# Warnings that tell the truth about an author's dates (docs/guarantees.md#valid-always).
ACCEPTED = {"DuplicateUpdated", "ImplausibleDate"}


def judge(url, content_type, body):
    """What the service would say of a document that was fetched from `url`: a list of texts, none where it is valid."""
    complaints = list(wire.judge(content_type, body))
    try:
        root = parse(body)
    except NotWellFormed as error:
        return [*complaints, f"G2 SAXError: {error}"]
    judges = {"rss": rss.judge, "feed": atom.judge, "opml": opml.judge}
    if root.name not in judges:
        return [*complaints, f"R1 UndefinedElement: the root is {root.name}"]
    complaints += judges[root.name](root, url)
    return [complaint for complaint in complaints if complaint.split()[1].rstrip(":") not in ACCEPTED]
