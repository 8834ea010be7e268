"""The document as the service's parser delivers it: expat in strict mode, with namespaces and pieces of text.

The service checks characters piece by piece, as expat delivers them, and lines for the spelling of `&`; the tree has both.
"""

import io
import re
from xml.sax import SAXException, make_parser
from xml.sax.handler import ContentHandler, feature_external_ges, feature_namespaces

XML = "http://www.w3.org/XML/1998/namespace"
ATOM = "http://www.w3.org/2005/Atom"
# The namespaces of feedmill's documents, with the prefixes that the service expects (G9). Others are faults.
PREFIXES = {
    ATOM: "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://search.yahoo.com/mrss/": "media",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "http://www.w3.org/1999/xhtml": "xhtml",
    XML: "xml",
}


class NotWellFormed(Exception):
    """The document is not well-formed XML."""


class Element:
    """An element. Its `name` has the usual prefix of the namespace, and none for Atom's own in an Atom feed."""

    def __init__(self, name, attributes, line, parent):
        self.name, self.attributes, self.line, self.parent = name, attributes, line, parent
        self.children, self.pieces, self.tail_text = [], [], False

    @property
    def text(self):
        return "".join(self.pieces)

    @property
    def path(self):
        if self.parent is None:
            return self.name
        alike = [child for child in self.parent.children if child.name == self.name]
        position = f"[{alike.index(self) + 1}]" if len(alike) > 1 else ""
        return f"{self.parent.path}/{self.name}{position}"

    def all(self, name):
        return [child for child in self.children if child.name == name]

    def first(self, name):
        return next(iter(self.all(name)), None)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


class _Builder(ContentHandler):
    def __init__(self):
        super().__init__()
        self.root, self.open, self.declared, self.opened = None, None, [], []

    def setDocumentLocator(self, locator):
        self.locator = locator

    def startPrefixMapping(self, prefix, uri):
        self.declared.append((prefix, uri))

    def startElementNS(self, name, qname, attributes):
        namespace, local = name
        prefix = PREFIXES.get(namespace, namespace)
        in_atom = self.root is not None and self.root.name == "feed"
        plain = namespace is None or (namespace == ATOM and (local == "feed" or in_atom))
        full = local if plain else f"{prefix}:{local}"
        own = {}
        for (space, attribute), value in attributes.items():
            own[attribute if space is None else f"{PREFIXES.get(space, space)}:{attribute}"] = value
        element = Element(full, own, self.locator.getLineNumber(), self.open)
        if self.open is None:
            self.root = element
        else:
            self.open.children.append(element)
        self.open = element

    def characters(self, content):
        if self.open is not None:
            self.open.pieces.append(content)

    def endElementNS(self, name, qname):
        if self.open is not self.root:
            self.open = self.open.parent


def parse(body):
    """Returns the root element, with the declared `namespaces`, and `marked`, the lines that contain `&#x`."""
    builder = _Builder()
    parser = make_parser()
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(builder)
    try:
        text = body.decode("utf-8")
        parser.parse(io.BytesIO(body))
    except (SAXException, UnicodeDecodeError) as error:
        raise NotWellFormed(str(error)) from error
    if re.search(r"<!DOCTYPE|<!ENTITY", text[:2000]):
        raise NotWellFormed("a document type")
    root = builder.root
    root.namespaces = builder.declared
    root.marked = {number for number, line in enumerate(text.split("\n"), 1) if "&#x" in line}
    return root
