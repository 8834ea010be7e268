"""Atom 1.0 (A1–A9), with the elements of Media RSS that feedmill uses in it."""

from . import text, uri
from .elements import Bench
from .html import fragment

FEED = set("title id updated author generator icon logo link rights subtitle category entry fh:complete".split())
ENTRY = set(
    """title id updated author category content contributor link published rights summary
    media:content media:thumbnail""".split()
)
MANY = ("author", "category", "contributor", "link", "entry", "media:content")
# The service takes extensions of the feed anywhere.
ANYWHERE = ("entry", "fh:complete")


def validate(root, url):
    bench = Bench(root, url)
    bench.everywhere()
    bench.attributes(root, ())
    if not root.attributes.get("xml:lang"):
        bench.of(root, ["G10 MissingDCLanguage"])
    bench.once(root, but=MANY)
    names = [child.name for child in root.children]
    if "entry" in names and any(name not in ANYWHERE for name in names[names.index("entry") :]):
        bench.of(root, ["A2 MisplacedMetadata"])
    _demanded(bench, root)
    if "self" not in [child.attributes.get("rel") for child in root.all("link")]:
        bench.of(root, ["G4 MissingSelf"])
    _alternates(bench, root)
    ids, instants = [], []
    for child in root.children:
        if child.name not in FEED:
            bench.of(child, ["R13 UndefinedElement"])
        elif child.name == "entry":
            _entry(bench, child, root, ids, instants)
        else:
            _metadata(bench, child)
    return bench.complaints


def _demanded(bench, parent):
    for demanded in ("title", "id", "updated"):
        if parent.first(demanded) is None:
            bench.of(parent, [f"A1 MissingElement: {demanded}"])


def _alternates(bench, parent):
    kinds = [
        (link.attributes.get("type", ""), link.attributes.get("hreflang", ""))
        for link in parent.all("link")
        if link.attributes.get("rel", "alternate") == "alternate"
    ]
    if len(kinds) != len(set(kinds)):
        bench.of(parent, ["A6 DuplicateAtomLink"])


def _entry(bench, entry, feed, ids, instants):
    bench.once(entry, but=MANY)
    _demanded(bench, entry)
    if entry.first("author") is None and feed.first("author") is None:
        bench.of(entry, ["A1 MissingElement: author"])
    if entry.first("content") is None:
        if entry.first("summary") is None:
            bench.of(entry, ["A5 MissingTextualContent"])
        if "alternate" not in [link.attributes.get("rel", "alternate") for link in entry.all("link")]:
            bench.of(entry, ["A5 MissingContentOrAlternate"])
    _alternates(bench, entry)
    for child in entry.children:
        if child.name not in ENTRY:
            bench.of(child, ["R13 UndefinedElement"])
        elif child.name.startswith("media:"):
            bench.media(child)
        else:
            _metadata(bench, child)
            value = child.text.strip()
            for name, seen, complaint in (("id", ids, "A3 DuplicateEntries"), ("updated", instants, "A4 DuplicateUpdated")):
                if child.name == name:
                    if value in seen:
                        bench.of(child, [complaint])
                    seen.append(value)


def _metadata(bench, child):
    value = child.text
    match child.name:
        case "title" | "subtitle" | "rights" | "summary" | "content":
            _construct(bench, child)
            return
        case "id":
            bench.of(child, uri.identity(value))
        case "updated" | "published":
            bench.of(child, text.rfc3339(value))
        case "icon" | "logo":
            bench.not_blank(child)
            bench.of(child, uri.absolute(value, uri.REFERENCE, "InvalidLink"))
        case "generator":
            bench.not_blank(child)
            bench.plain(child)
        case "link":
            bench.link(child)
            if value.strip():
                bench.of(child, ["A6 AtomLinkNotEmpty"])
            return
        case "category":
            bench.attributes(child, ("term", "scheme", "label"))
            if not child.attributes.get("term", "").strip():
                bench.of(child, ["A7 NotBlank: term"])
            if "scheme" in child.attributes:
                bench.of(child, uri.absolute(child.attributes["scheme"]))
            if "label" in child.attributes:
                bench.plain(child, child.attributes["label"])
            return
        case "author" | "contributor":
            _person(bench, child)
            return
    bench.leaf(child)
    bench.attributes(child, ())


def _person(bench, person):
    bench.once(person)
    if person.first("name") is None:
        bench.of(person, ["A1 MissingElement: name"])
    for child in person.children:
        value = child.text.strip()
        if child.name == "name":
            bench.not_blank(child)
            bench.plain(child)
            if text.EMAIL_IN_BRACKETS.search(value):
                bench.of(child, ["A1 ContainsEmail"])
        elif child.name == "email":
            bench.of(child, [] if text.EMAIL.match(value) else [f"A1 InvalidAddrSpec: {value!r}"])
        elif child.name == "uri":
            bench.not_blank(child)
            bench.of(child, uri.reference(value))
        else:
            bench.of(child, ["R13 UndefinedElement"])


def _construct(bench, child):
    bench.attributes(child, ("type",))
    bench.leaf(child)
    kind = child.attributes.get("type", "text")
    if kind not in ("text", "html"):
        bench.of(child, [f"A7 InvalidTextType: {kind}"])
    elif kind == "html":
        bench.of(child, fragment(child.text))
    else:
        bench.plain(child, child.text, "ContainsUndeclaredHTML")
    # White space counts as a value for the service, but is no title.
    if not child.text.strip():
        bench.of(child, ["A5 NotBlank"])
