"""Faults planted into good feeds on their way to the judges: each must be seen, or the judges are worth nothing.

    planted.py NPM

Knows what each fault does to the bytes and which judges must complain.
"""

import re
import sys
from itertools import chain

import witness
from judge import SITE, Bench
from mill import Mill

# Site of the corpus whose entries have images, dates, authors and tags.
SUBJECT = "hexo-jarvan"
# What is wrong, the document, what is replaced by what, and who must see it.
FAULTS = [
    ("a guid is missing", "rss", r"<guid.*?</guid>", "", ("w3c", "feedparser", "feedsmith")),
    ("a guid is another's", "rss", r"urn:uuid:[0-9a-f]{8}", "urn:uuid:00000000", ("atoma", "rss-parser", "sfeed")),
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
    ("HTML has a relative address", "rss", r"<content:encoded><!\[CDATA\[", '<content:encoded><![CDATA[<a href="x">y</a>', ("w3c",)),
    ("a control character stands in it", "rss", r"<item><title>", "<item><title>\x08", ("w3c", "xmllint", "feedparser")),
    ("a language is none", "rss", r"<language>\w+", "<language>english", ("w3c",)),
    ("a namespace is unknown", "rss", r'<rss ', '<rss xmlns:own="http://example.org/own" ', ("w3c",)),
    ("an item comes before the channel ends", "rss", r"</channel>", "<ttl>60</ttl></channel>", ("w3c",)),
    ("an item is missing", "rss", r"<item>.*?</item>", "", ("feedparser", "sfeed", "feedsmith")),
    ("an entry is missing", "json", r'"items":\[\{.*?\},\{"id"', '"items":[{"id"', ("witness", "feedsmith")),
    ("an id is another's", "atom", r"<entry>(.*?)<id>urn:uuid:[0-9a-f]{8}", r"<entry>\1<id>urn:uuid:00000000", ("feedparser", "atoma")),
    ("an id is not canonical", "atom", r"<entry>(.*?)<id>.*?</id>", r"<entry>\1<id>HTTP://Example.org</id>", ("w3c",)),
    ("updated is missing", "atom", r"<updated>.*?</updated>", "", ("w3c",)),
    ("updated has no zone", "atom", r"\+00:00</updated>", "</updated>", ("w3c",)),
    ("a link has an odd relation", "atom", r'rel="enclosure"', 'rel="prev"', ("w3c", "feedsmith")),
    ("the address of itself is another's", "atom", r'href="[^"]+" rel="self"', 'href="http://example.org/" rel="self"', ("w3c",)),
    ("a text is HTML and does not say so", "atom", r"<entry><title>", "<entry><title>&lt;b>x&lt;/b>", ("w3c",)),
    ("published is wrong", "atom", r"<published>\d{4}", "<published>1999", ("feedparser", "atoma", "rowanmanning")),
    ("an id is given twice", "json", r'"id":"urn:uuid:[^"]+"', '"id":"same"', ("json_feed", "witness")),
    ("a date has no zone", "json", r'Z","', '","', ("json_feed",)),
    ("a size is text", "json", r'"mime_type":"image/(\w+)"', r'"mime_type":"image/\1","size_in_bytes":"7"', ("json_feed", "jsonfeed-schema")),
    ("the version is older", "json", r"version/1.1", "version/1", ("json_feed",)),
    ("a title is another's", "json", r'"title":"', '"title":"x', ("witness",)),
    ("a subscription has no type", "opml", r' type="rss"', "", ("w3c",)),
]


class Planted:
    """A server whose answers have a fault."""

    def __init__(self, mill, format, pattern, replacement):
        self._mill, self._format, self._pattern, self._replacement = mill, format, pattern, replacement
        self.planted = False

    def __getattr__(self, name):
        return getattr(self._mill, name)

    def get(self, address):
        headers, body = self._mill.get(address)
        ends = {"rss": "/rss.xml", "atom": "/atom.xml", "json": "/feed.json", "opml": "/feeds.opml"}
        if address.endswith(ends[self._format]):
            changed = re.sub(self._pattern, self._replacement, body.decode(), flags=re.S).encode()
            self.planted |= changed != body
            body = changed
        return headers, body


def main(npm):
    name, content, dialect, articles = next(site for site in witness.sites() if site[0] == SUBJECT)
    unseen = []
    with Mill(content, site=f"{SITE}dialect: {dialect}\n", arguments=["--drain", "0s"]) as mill:
        for fault, format, pattern, replacement, judges in FAULTS:
            planted = Planted(mill, format, pattern, replacement)
            bench = Bench(name, npm, planted)
            try:
                bench.judge(articles, 1)
            except (ValueError, KeyError) as error:
                # Our own document is read before it is judged: that it cannot be is seen, too.
                bench.found += [(judge, str(error)) for judge in judges]
            seen = {judge for judge, _ in bench.found}
            if not planted.planted:
                unseen.append(f"{fault}: could not be planted")
            unseen += [f"{fault}: {judge} does not see it" for judge in judges if judge not in seen]
    if unseen:
        raise SystemExit("\n".join(chain(unseen, [f"{len(unseen)} of {len(FAULTS)} faults"])))
    print(f"{len(FAULTS)} planted faults: each is seen by every judge that must see it")


if __name__ == "__main__":
    main(*sys.argv[1:])
