"""Plants faults in valid feeds, and checks that the validators find them.

    planted.py NPM    NPM: the directory with the npm packages
"""

import re
import sys
from itertools import chain

import reference
from validate import SITE, Bench
from test_server import TestServer

# The site of the corpus whose entries have images, dates, authors and tags.
SUBJECT = "hexo-jarvan"
# Each fault: description, document, pattern, replacement, and the validators that must find it.
FAULTS = [
    ("a guid is missing", "rss", r"<guid.*?</guid>", "", ("w3c", "feedparser", "feedsmith")),
    ("a guid is of another entry", "rss", r"urn:uuid:[0-9a-f]{8}", "urn:uuid:00000000", ("atoma", "rss-parser", "sfeed")),
    ("a guid is a permalink", "rss", r' isPermaLink="false"', "", ("w3c",)),
    ("a length is wrong", "rss", r'length="\d+"', 'length="7"', ("feedparser", "atoma", "feedparser.js", "rowanmanning")),
    ("a length is missing", "rss", r' length="\d+"', "", ("w3c",)),
    ("a type is wrong", "rss", r'type="image/\w+"/><guid', 'type="image/x-y"/><guid', ("podcastparser", "rss-parser")),
    ("an enclosure is at a host without a dot", "rss", r'enclosure url="https://[^/]+', 'enclosure url="https://host', ("w3c",)),
    ("a title is escaped twice", "rss", r"<item><title>", "<item><title>&#x26;amp; ", ("feedparser", "sfeed", "feedsmith")),
    ("a title has an end tag", "rss", r"<item><title>", "<item><title>&#x3C;/b> ", ("w3c",)),
    ("a date is wrong", "rss", r"(\d\d):(\d\d):\d\d GMT</pubDate>", r"\1:\2:59 GMT</pubDate>", ("feedparser", "fastfeedparser", "sfeed")),
    ("a date has the wrong weekday", "rss", r"<pubDate>\w\w\w", "<pubDate>Xyz", ("w3c",)),
    ("a date is in a zone of quarters", "rss", r"GMT</pubDate>", "+0545</pubDate>", ("w3c", "atoma")),
    ("a link is relative", "rss", r"<item>(.*?)<link>http://[^/]+", r"<item>\1<link>", ("w3c", "feedsmith")),
    ("HTML is not closed", "rss", r"<content:encoded><!\[CDATA\[", "<content:encoded><![CDATA[<p><b>", ("w3c",)),
    ("HTML has a script", "rss", r"<content:encoded><!\[CDATA\[", "<content:encoded><![CDATA[<script></script>", ("w3c",)),
    ("HTML has a relative URL", "rss", r"<content:encoded><!\[CDATA\[", '<content:encoded><![CDATA[<a href="x">y</a>', ("w3c",)),
    ("a title has a control character", "rss", r"<item><title>", "<item><title>\x08", ("w3c", "xmllint", "feedparser")),
    ("a language is invalid", "rss", r"<language>\w+", "<language>english", ("w3c",)),
    ("a namespace is unknown", "rss", r'<rss ', '<rss xmlns:own="http://example.org/own" ', ("w3c",)),
    ("an item comes before the channel ends", "rss", r"</channel>", "<ttl>60</ttl></channel>", ("w3c",)),
    ("an item is missing", "rss", r"<item>.*?</item>", "", ("feedparser", "sfeed", "feedsmith")),
    ("an entry is missing", "json", r'"items":\[\{.*?\},\{"id"', '"items":[{"id"', ("reference", "feedsmith")),
    ("an id is of another entry", "atom", r"<entry>(.*?)<id>urn:uuid:[0-9a-f]{8}", r"<entry>\1<id>urn:uuid:00000000", ("feedparser", "atoma")),
    ("an id is not canonical", "atom", r"<entry>(.*?)<id>.*?</id>", r"<entry>\1<id>HTTP://Example.org</id>", ("w3c",)),
    ("updated is missing", "atom", r"<updated>.*?</updated>", "", ("w3c",)),
    ("updated has no zone", "atom", r"\+00:00</updated>", "</updated>", ("w3c",)),
    ("a link has an unusual relation", "atom", r'rel="enclosure"', 'rel="prev"', ("w3c", "feedsmith")),
    ("the self link is of another document", "atom", r'href="[^"]+" rel="self"', 'href="http://example.org/" rel="self"', ("w3c",)),
    ("a title is HTML without its type", "atom", r"<entry><title>", "<entry><title>&lt;b>x&lt;/b>", ("w3c",)),
    ("published is wrong", "atom", r"<published>\d{4}", "<published>1999", ("feedparser", "atoma", "rowanmanning")),
    ("an id occurs twice", "json", r'"id":"urn:uuid:[^"]+"', '"id":"same"', ("json_feed", "reference")),
    ("a date has no zone", "json", r'Z","', '","', ("json_feed",)),
    ("a size is text", "json", r'"mime_type":"image/(\w+)"', r'"mime_type":"image/\1","size_in_bytes":"7"', ("json_feed", "jsonfeed-schema")),
    ("the version is older", "json", r"version/1.1", "version/1", ("json_feed",)),
    ("a title is of another entry", "json", r'"title":"', '"title":"x', ("reference",)),
    ("a subscription has no type", "opml", r' type="rss"', "", ("w3c",)),
]


class Planted:
    """A server with a fault in one of its documents."""

    def __init__(self, server, format, pattern, replacement):
        self._server, self._format, self._pattern, self._replacement = server, format, pattern, replacement
        self.planted = False

    def __getattr__(self, name):
        return getattr(self._server, name)

    def get(self, address):
        headers, body = self._server.get(address)
        ends = {"rss": "/rss.xml", "atom": "/atom.xml", "json": "/feed.json", "opml": "/feeds.opml"}
        if address.endswith(ends[self._format]):
            changed = re.sub(self._pattern, self._replacement, body.decode(), flags=re.S).encode()
            self.planted |= changed != body
            body = changed
        return headers, body


def main(npm):
    name, content, dialect, articles = next(site for site in reference.sites() if site[0] == SUBJECT)
    missed = []
    with TestServer(content, site=f"{SITE}dialect: {dialect}\n", arguments=["--drain", "0s"]) as server:
        for fault, format, pattern, replacement, validators in FAULTS:
            planted = Planted(server, format, pattern, replacement)
            bench = Bench(name, npm, planted)
            try:
                bench.validate(articles, 1)
            except (ValueError, KeyError) as error:
                # The fault was found before the validators ran, because our own document could not be parsed.
                bench.found += [(validator, str(error)) for validator in validators]
            found = {validator for validator, _ in bench.found}
            if not planted.planted:
                missed.append(f"{fault}: could not be planted")
            missed += [f"{fault}: {validator} does not find it" for validator in validators if validator not in found]
    if missed:
        raise SystemExit("\n".join(chain(missed, [f"{len(missed)} of {len(FAULTS)} faults"])))
    print(f"{len(FAULTS)} planted faults: every validator that must find one found it")


if __name__ == "__main__":
    main(*sys.argv[1:])
