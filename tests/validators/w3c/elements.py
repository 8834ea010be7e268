"""Rules of both formats: traversal of elements, and their extensions (G2, G4, G5, G9, G10, G12, A6)."""

import re

from . import text, uri
from .html import fragment
from .tree import PREFIXES

RELATIONS = set(
    """alternate current describedby edit edit-media enclosure first hub last license next next-archive payment
    prev-archive previous related replies search self service up via""".split()
)
PAGING = {"current", "first", "last", "next", "next-archive", "prev-archive", "previous"}
LINK = {"type", "title", "rel", "href", "length", "hreflang"}
CONTENT = set(
    """bitrate channels duration expression fileSize framerate height isDefault lang medium samplingrate type url
    width""".split()
)
MEDIA = {
    "media:content": CONTENT,
    "media:thumbnail": {"height", "time", "url", "width"},
    "media:description": {"type"},
    "media:credit": {"role", "scheme"},
}


class Bench:
    """Collects the complaints about one document, each with the path of its element."""

    def __init__(self, root, url):
        self.root, self.url, self.complaints = root, url, []

    def of(self, element, found):
        self.complaints += [f"{complaint} at {element.path}" for complaint in found]

    def plain(self, element, value=None, message="ContainsHTML"):
        value = element.text.strip() if value is None else value
        in_rss = self.root.name == "rss"
        self.of(element, text.plain(value, element.line, self.root.marked, in_rss, message))

    def not_blank(self, element):
        if not element.text.strip():
            self.of(element, ["R4 NotBlank"])

    def once(self, parent, but=()):
        names = [child.name for child in parent.children]
        for name in sorted({name for name in names if names.count(name) > 1} - set(but)):
            self.of(parent, [f"R2 DuplicateElement: {name}"])

    def attributes(self, element, allowed):
        for name in element.attributes:
            if name not in allowed and not name.startswith("xml:"):
                self.of(element, [f"R8 UnexpectedAttribute: {name}"])

    def leaf(self, element):
        if element.children:
            self.of(element, [f"R13 UndefinedElement: {element.children[0].name}"])

    def html(self, element):
        self.leaf(element)
        self.of(element, fragment(element.text.strip()))

    def everywhere(self):
        """Checks the rules for all elements, and the namespaces."""
        used = {element.name.split(":")[0] for element in self.root.walk() if ":" in element.name}
        for prefix, namespace in self.root.namespaces:
            if namespace not in PREFIXES:
                self.of(self.root, [f"G9 UnknownNamespace: {namespace}"])
            elif prefix and prefix != PREFIXES[namespace]:
                self.of(self.root, [f"G9 NonstdPrefix: {prefix}"])
            elif prefix in ("atom", "xhtml") and self.root.name == "feed":
                self.of(self.root, [f"A8 AvoidNamespacePrefix: {prefix}"])
            elif prefix and prefix not in used:
                self.of(self.root, [f"G9 namespace {prefix} is declared and not used"])
        for element in self.root.walk():
            self.of(element, text.characters(element.pieces))
            for name, value in element.attributes.items():
                if re.search(r"[\x80-\x9f\ufffd]", value):
                    self.of(element, [f"G2 BadCharacters: {name}"])
            if "xml:lang" in element.attributes:
                self.of(element, text.language(element.attributes["xml:lang"]))
            if "xml:base" in element.attributes:
                self.of(element, ["A8 SameDocumentReference: xml:base"])

    def link(self, element):
        """Checks an atom:link in either format, and returns its relation."""
        self.attributes(element, LINK)
        relation = element.attributes.get("rel", "alternate")
        if relation not in RELATIONS and not uri.FULL.match(relation):
            self.of(element, [f"G5 UnregisteredAtomLinkRel: {relation}"])
        if relation in PAGING and element.parent.name == "entry":
            self.of(element, [f"G5 FeedHistoryRelInEntry: {relation}"])
        href = element.attributes.get("href")
        if href is None:
            self.of(element, ["A6 MissingHref"])
            return relation
        self.of(element, uri.reference(href))
        if not re.match(r"[a-z]+:", href):
            self.of(element, ["G4 RelativeSelf" if relation == "self" else "G6 a relative address"])
        if relation == "self" and element.parent.name in ("feed", "channel") and href != self.url:
            self.of(element, [f"G4 SelfDoesntMatchLocation: {href} at {self.url}"])
        if "type" in element.attributes:
            kind = element.attributes["type"]
            self.of(element, text.media_type(kind))
            if relation == "self" and kind not in ("application/atom+xml", "application/rss+xml"):
                self.of(element, [f"G4 SelfNotAtom: {kind}"])
        if "length" in element.attributes:
            self.of(element, text.integer(element.attributes["length"]))
        if "hreflang" in element.attributes:
            self.of(element, text.language(element.attributes["hreflang"]))
        if "title" in element.attributes:
            self.plain(element, element.attributes["title"])
        return relation

    def media(self, element):
        """Checks an element of Media RSS."""
        if element.name not in MEDIA:
            self.of(element, [f"G12 UndefinedElement: {element.name}"])
            return
        self.attributes(element, MEDIA[element.name])
        if element.name == "media:credit":
            return
        if element.name == "media:description":
            if element.attributes.get("type", "plain") == "plain":
                self.plain(element, message="ContainsUndeclaredHTML")
            else:
                self.html(element)
            return
        if "url" not in element.attributes:
            self.of(element, ["G12 MissingAttribute: url"])
        else:
            self.of(element, uri.absolute(element.attributes["url"]))
        for name in ("width", "height", "fileSize"):
            if name in element.attributes:
                self.of(element, text.integer(element.attributes[name], 1))
        if element.attributes.get("medium", "image") not in ("image", "audio", "video", "document", "executable"):
            self.of(element, ["G12 InvalidMediaMedium"])
        if "type" in element.attributes:
            self.of(element, text.media_type(element.attributes["type"]))
        self.once(element)
        for child in element.children:
            self.media(child)
