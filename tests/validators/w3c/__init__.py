"""The rules of the W3C Feed Validation Service, reimplemented from docs/decisions/validity.md and the service's sources.

The service itself cannot be installed here. Each complaint has the number of the rule (G1 … A10) and the name of the
service's message. Whether a document has the right content is not checked here, but in `reference.py`.
"""

from . import atom, opml, rss, wire
from .tree import NotWellFormed, parse

# Warnings about dates that an author really wrote (docs/guarantees.md#valid-always).
ACCEPTED = {"DuplicateUpdated", "ImplausibleDate"}


def validate(url, content_type, body):
    """Returns the service's complaints about a document that was fetched from `url`; empty if it is valid."""
    complaints = list(wire.validate(content_type, body))
    try:
        root = parse(body)
    except NotWellFormed as error:
        return [*complaints, f"G2 SAXError: {error}"]
    validators = {"rss": rss.validate, "feed": atom.validate, "opml": opml.validate}
    if root.name not in validators:
        return [*complaints, f"R1 UndefinedElement: the root is {root.name}"]
    complaints += validators[root.name](root, url)
    return [complaint for complaint in complaints if complaint.split()[1].rstrip(":") not in ACCEPTED]
