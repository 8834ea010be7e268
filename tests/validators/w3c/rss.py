"""RSS 2.0 (R1–R13), with the elements of other namespaces that feedmill uses in it."""

import re

from . import podcast, text, uri
from .elements import Bench

CHANNEL = set(
    """title link description language copyright managingEditor lastBuildDate generator ttl image atom:link item
    pubDate category docs fh:complete""".split()
)
ITEM = set(
    """title link description author category comments enclosure guid pubDate source content:encoded dc:creator
    dc:language atom:updated media:content media:thumbnail""".split()
)


def validate(root, url):
    bench = Bench(root, url)
    bench.everywhere()
    bench.attributes(root, {"version"})
    if root.attributes.get("version") != "2.0":
        bench.of(root, ["R1 InvalidRSSVersion"])
    if [child.name for child in root.children] != ["channel"]:
        bench.of(root, ["R1 MissingChannel"])
        return bench.complaints
    _channel(bench, root.children[0])
    return bench.complaints


def _channel(bench, channel):
    bench.once(channel, but=("item", "atom:link", "category", *podcast.MANY))
    podcast.channel(bench, channel)
    names = [child.name for child in channel.children]
    if "item" in names and any(name != "item" for name in names[names.index("item") :]):
        bench.of(channel, ["R2 MisplacedItem"])
    for demanded in ("title", "link", "description"):
        if demanded not in names:
            bench.of(channel, [f"R1 Missing{demanded.title()}"])
    if "language" not in names:
        bench.of(channel, ["G10 MissingDCLanguage"])
    relations, guids = [], []
    for child in channel.children:
        if podcast.element(bench, child):
            continue
        if child.name not in CHANNEL:
            bench.of(child, ["R13 UndefinedElement"])
        if child.name == "item":
            _item(bench, child, guids)
        elif child.name == "atom:link":
            relations.append(bench.link(child))
        elif child.name == "image":
            _image(bench, child, channel)
        else:
            bench.leaf(child)
            bench.attributes(child, ())
            _of_channel(bench, child)
    if "self" not in relations:
        bench.of(channel, ["G4 MissingAtomSelfLink"])


def _of_channel(bench, child):
    value = child.text.strip()
    match child.name:
        case "title" | "description" | "copyright" | "category":
            bench.plain(child)
            if child.name == "title":
                bench.not_blank(child)
        case "link" | "docs":
            bench.of(child, uri.absolute(value))
        case "language":
            bench.of(child, text.language(value))
        case "managingEditor":
            bench.plain(child)
            bench.of(child, text.contact(value))
        case "lastBuildDate" | "pubDate":
            bench.of(child, text.rfc822(value))
        case "ttl":
            bench.of(child, text.integer(value, 1))


def _image(bench, image, channel):
    bench.once(image)
    for demanded in ("url", "title", "link"):
        if image.first(demanded) is None:
            bench.of(image, [f"R12 MissingElement: {demanded}"])
    for child in image.children:
        value = child.text.strip()
        if child.name in ("title", "link"):
            same = channel.first(child.name)
            if same is None or same.text.strip() != value:
                bench.of(child, [f"R12 Image{child.name.title()}DoesntMatch"])
            bench.of(child, uri.absolute(value)) if child.name == "link" else bench.plain(child)
        elif child.name == "url":
            bench.of(child, uri.absolute(value))
            extension = value.split(".")[-1].lower()
            if re.match(r"^\w+$", extension) and extension not in ("jpg", "jpeg", "gif", "png"):
                bench.of(child, [f"R12 ImageUrlFormat: {extension}"])
        elif child.name in ("width", "height"):
            bench.of(child, text.integer(value, 1))
            if value.isdigit() and int(value) > {"width": 144, "height": 400}[child.name]:
                bench.of(child, [f"R12 Invalid{child.name.title()}: {value}"])
        else:
            bench.of(child, ["R13 UndefinedElement"])


def _item(bench, item, guids):
    bench.once(item, but=("category", "dc:creator", "media:content", *podcast.MANY))
    if len(item.all("enclosure")) > 1:
        bench.of(item, ["R8 DuplicateEnclosure"])
    names = [child.name for child in item.children]
    if "title" not in names and "description" not in names:
        bench.of(item, ["R4 ItemMustContainTitleOrDescription"])
    if "guid" not in names:
        bench.of(item, ["R6 MissingGuid"])
    if "author" in names and "dc:creator" in names:
        bench.of(item, ["R7 DuplicateItemSemantics: author and dc:creator"])
    if "content:encoded" in names and "description" not in names[: names.index("content:encoded")]:
        bench.of(item, ["R9 NeedDescriptionBeforeContent"])
    for child in item.children:
        if podcast.element(bench, child):
            continue
        if child.name not in ITEM:
            bench.of(child, ["R13 UndefinedElement"])
        if child.name.startswith("media:"):
            bench.media(child)
            continue
        bench.leaf(child)
        bench.attributes(child, {"enclosure": ("url", "length", "type"), "guid": ("isPermaLink",), "category": ("domain",)}.get(child.name, ()))
        _of_item(bench, child, guids)


def _of_item(bench, child, guids):
    value = child.text.strip()
    match child.name:
        case "title" | "category":
            bench.plain(child)
            bench.not_blank(child)
        case "link" | "comments":
            bench.of(child, uri.absolute(value))
        case "description" | "content:encoded":
            bench.html(child)
        case "author":
            bench.plain(child)
            bench.of(child, text.contact(value))
        case "pubDate":
            bench.of(child, text.rfc822(value))
        case "dc:language":
            bench.of(child, text.language(value))
        case "atom:updated":
            bench.of(child, text.rfc3339(value))
        case "enclosure":
            for demanded in ("url", "length", "type"):
                if demanded not in child.attributes:
                    bench.of(child, [f"R8 MissingAttribute: {demanded}"])
            bench.of(child, uri.playable(child.attributes.get("url", "")))
            bench.of(child, text.integer(child.attributes.get("length", "")))
            bench.of(child, text.media_type(child.attributes.get("type", "")))
        case "guid":
            bench.not_blank(child)
            if value in guids:
                bench.of(child, [f"R6 DuplicateValue: {value}"])
            guids.append(value)
            permalink = child.attributes.get("isPermaLink", "true")
            if permalink not in ("true", "false"):
                bench.of(child, ["R6 InvalidBooleanAttribute"])
            elif permalink == "true" and (uri.reference(value) or value.lower().startswith(("tag:", "urn:uuid:"))):
                bench.of(child, ["R6 InvalidPermalink"])
            elif permalink == "false" and len(value) < 9 and value.isdigit():
                bench.of(child, ["R6 NotSufficientlyUnique"])
