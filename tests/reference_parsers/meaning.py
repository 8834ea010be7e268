"""The meaning of front matter keys for each generator, from its documentation.

The values come from the parsers. Nothing here is taken from src/, because it is the reference for it.
"""

import re
import unicodedata
from datetime import date, datetime, timezone

# The default of `lead_image.keys`, in its order.
LEAD_KEYS = """headimg thumbnail cover cover.image image image.path image.src image.url images
    featured_image featured-image featured-image.url featuredImage coverImage index_img banner_img banner
    top_img header-img header-image bgImage photos twitterimage resources""".split()
IMAGE = re.compile(r"\.(jpe?g|png|apng|gif|webp|avif|svg|bmp|ico|tiff?|heic|jxl)$", re.I)


class Fields:
    """Looks keys up as generators do: in any letter case, and the last of several equal keys counts."""

    def __init__(self, data):
        self.data = {str(key).lower(): value for key, value in (data or {}).items()}

    def get(self, key):
        if key.lower() in self.data:
            return self.data[key.lower()]
        head, dot, rest = key.partition(".")
        inside = self.data.get(head.lower())
        return Fields(inside).get(rest) if dot and isinstance(inside, dict) else None

    def first(self, *keys):
        return next((value for key in keys if not is_blank(value := self.get(key))), None)


def is_blank(value):
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def is_date(value):
    return isinstance(value, dict) and set(value) == {"$date"}


def text_of(value):
    if is_date(value):
        return (value["$date"] or "").removesuffix("T00:00:00.000Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def name_of(value):
    """A name with white space collapsed, or None."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or ""
    return unicodedata.normalize("NFC", " ".join(text_of(value).split())) or None


def folded(name):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower())
    return re.sub(r"[\s_\u2010\u00ad-]", "", folded) or folded


def unequal(paths):
    """Removes duplicates: folded names that are equal are one category (docs/guarantees.md#names-and-slugs)."""
    seen, kept = set(), []
    for path in paths:
        key = tuple(map(folded, path))
        if path and key not in seen:
            seen.add(key)
            kept.append(path)
    return kept


def items(value):
    """Flattens nested lists, without empty values."""
    if isinstance(value, list):
        return [inner for item in value for inner in items(item)]
    return [] if is_blank(value) else [value]


def names(values):
    return [name for name in map(name_of, values) if name]


def instant(value, javascript):
    """Parses a date, in UTC if it has no zone."""
    from dateutil import parser

    if is_date(value):
        value = datetime.fromisoformat(value["$date"]) if value["$date"] else None
    elif isinstance(value, str):
        try:
            if value in javascript:
                value = datetime.fromisoformat(javascript[value])
            elif re.search(r"\d{4}|\d-\d", value):
                value = parser.parse(value, default=datetime(2000, 1, 1))
        except (ValueError, OverflowError):
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)


def dated_by_name(path):
    """The date in a path: in the name of the file, otherwise in the directories above."""
    for pattern in (r"(\d{4})-(\d{1,2})-(\d{1,2})(?=[-_.]|$)", r"(\d{4})/(\d{1,2})/(\d{1,2})(?=/)"):
        for part in ([path] if "/" in pattern else reversed(path.split("/"))):
            day = re.match(pattern, part) if "/" not in pattern else re.search(r"(?:^|/)" + pattern, part)
            if day:
                try:
                    return datetime(*map(int, day.groups()), tzinfo=timezone.utc)
                except ValueError:
                    pass
    return None


def date_keys(generator):
    return {
        # The date of publication, which Hugo's feeds use.
        "hugo": ["publishdate", "pubdate", "published", "date", "lastmod", "modified"],
        "hexo": ["date"],
        "jekyll": ["date"],
        "eleventy": ["date"],
        "docusaurus": ["date"],
        "nanoc": ["created_at"],
        "pallets": ["published"],
    }.get(generator, ["date"])


def categories(fields, generator):
    if generator == "jekyll":
        plural = fields.get("categories")
        found = items(fields.get("category"))
        found += plural.split() if isinstance(plural, str) else items(plural)
        return unequal([[name] for name in names(found)])
    if generator == "hexo":
        value = fields.get("categories")
        value = fields.get("category") if value is None else value
    else:
        # `topics` is the taxonomy of a whole site (docs/decisions/real-articles.md#keys).
        value = fields.first("categories", "category", "taxonomies.categories", "topics", "section")
    if not isinstance(value, list):
        return unequal([names(items(value))])
    if generator in ("hugo", "zola"):
        return unequal([[name] for name in names(items(value))])
    if any(isinstance(element, list) for element in value):
        return unequal([names(items(element)) for element in value])
    # A path, as in Hexo, and without a generator (docs/guarantees.md#lists-of-categories).
    return unequal([names(items(value))])


def tags(fields, generator):
    if generator == "jekyll":
        plural = fields.get("tags")
        found = items(fields.get("tag")) + (plural.split() if isinstance(plural, str) else items(plural))
    elif generator == "hexo":
        value = fields.get("tags")
        found = items(fields.get("tag") if value is None else value)
    else:
        found = items(fields.first("tags", "tag", "taxonomies.tags"))
    return [name for [name] in unequal([[name] for name in names(found)])]


def lead_image(fields):
    for key in LEAD_KEYS:
        value = fields.get(key)
        value = fields.get(f"extra.{key}") if value is None else value
        for image in value if isinstance(value, list) else [value]:
            if isinstance(image, dict) and not is_date(image):
                image = Fields(image).first("src", "url", "path", "image")
            if isinstance(image, str) and re.match(r"(?:https?:)?//.", image, re.I):
                return image
            if isinstance(image, str) and IMAGE.search(re.split(r"[?#]", image)[0]) and not re.search(r"[({]", image):
                return image
    return None


def is_whole_page(text):
    return re.match(r"\s*<(?:!doctype|html)\b", text, re.I) is not None


def no_article(path, generator, text):
    """Returns the reason why the file is not an article for the generator, or None."""
    parts = path.split("/")
    if re.match(r"(?:readme|license|changelog|contributing)\.", parts[-1], re.I):
        return "it is about the repository"
    if is_whole_page(text):
        return "it is a whole HTML page"
    if generator == "jekyll":
        if "_drafts" in parts:
            return None
        if "_posts" not in parts or not re.match(r"\d{2,4}-\d{1,2}-\d{1,2}-.", parts[-1]):
            return "it is not a dated file in _posts"
    if generator in ("hugo", "zola") and parts[-1].startswith("_index."):
        return "it is the page of a section"
    if generator == "docusaurus" and any(part.startswith("_") for part in parts):
        return "Docusaurus skips names that begin with an underscore"
    if generator == "hexo" and any(part.startswith("_") for part in parts if part not in ("_posts", "_drafts")):
        return "Hexo skips names that begin with an underscore"
    return None


def hidden(path, fields):
    """Returns the reason why an article is not published, or None (docs/decisions/real-articles.md#keys)."""
    if "_drafts" in path.split("/"):
        return "it is in _drafts"
    if fields.get("draft") is True:
        return "it is a draft"
    if fields.get("published") is False:
        return "it has `published: false`"
    for key in ("hidden", "hide", "unlisted"):
        if fields.get(key) is True:
            return f"it is {key}"
    if not is_blank(fields.get("password")):
        return "it is protected by a password"
    return None


def title(path, fields, body, generator):
    value = fields.first("title", "subject")
    if value is not None:
        return text_of(value).replace("&#123;", "{").replace("&#125;", "}")
    # The generators differ here. feedmill uses the first H1, then the name of the file.
    bare = re.sub(r"^(```|~~~).*?^\1.*?$", "", body, flags=re.S | re.M)
    heading = re.search(r"^#[ \t]+(.+?)[ \t#]*$|^(\S.*)\n=+[ \t]*$|<h1[^>]*>(.*?)</h1>", bare, re.M)
    if heading and not path.endswith(".html"):
        return next(filter(None, heading.groups()))
    parts = path.split("/")
    stem = parts[-1].rsplit(".", 1)[0]
    if stem == "index" and len(parts) > 1:
        stem = parts[-2]
    stem = re.sub(r"^\d{2,4}-\d{1,2}-\d{1,2}-", "", stem)
    if generator == "jekyll":
        return " ".join(word[:1].upper() + word[1:] for word in stem.split("-"))
    return stem


def reading(path, text, data, body, generator, javascript):
    fields = Fields(data)
    line = {"path": path}
    reason = no_article(path, generator, text)
    if reason:
        return line | {"outcome": "no article", "reason": reason}
    reason = hidden(path, fields)
    if reason:
        return line | {"outcome": "hidden", "reason": reason}
    day = None
    for key in date_keys(generator):
        value = fields.get(key)
        if not isinstance(value, bool):
            day = day or instant(value, javascript)
    # The permalink may have the only date: Rust's blog has `path = "2026/03/02/name"`.
    address = fields.first("path", "permalink", "url")
    day = day or dated_by_name(path) or (isinstance(address, str) and dated_by_name(address) or None)
    # Only Hugo supports it.
    expiry = instant(fields.first("expirydate", "unpublishdate"), javascript) if generator == "hugo" else None
    return line | {
        "outcome": "article",
        "title": title(path, fields, body, generator),
        "date": day.strftime("%Y-%m-%dT%H:%M:%SZ") if day else "-",
        "categories": categories(fields, generator),
        "tags": tags(fields, generator),
        "lead": lead_image(fields) or "-",
        "expires": expiry.strftime("%Y-%m-%dT%H:%M:%SZ") if expiry else "-",
    }
