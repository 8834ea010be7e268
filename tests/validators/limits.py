"""Known limits of the readers, each with its reason. Any other difference is a fault of the feed.

`SKIPPED` has the fields that a reader does not return for a format.
"""

SKIPPED = {
    ("fastfeedparser", "atom"): {"enclosure": "returns Atom enclosures as links, without their length"},
    ("podcastparser", "rss"): {"length": "returns no length if RSS has 0, which means unknown"},
    ("rss-parser", "atom"): {"enclosure": "does not read enclosures of Atom"},
    ("sfeed", "rss"): {"length": "returns neither length nor type of an enclosure", "type": "returns no type of an enclosure"},
    ("sfeed", "atom"): {"length": "returns neither length nor type of an enclosure", "type": "returns no type of an enclosure"},
    ("newsboat", "rss"): {"length": "does not store the length of an enclosure"},
    ("newsboat", "atom"): {"length": "does not store the length of an enclosure"},
}

# Readers that show an Atom title of type `html` undecoded. feedmill uses that type only for titles that the W3C service
# rejects as text (docs/decisions/validity.md#a7-text-constructs).
HTML_TITLES_UNDECODED = {"feedparser", "fastfeedparser", "sfeed", "newsboat", "rowanmanning"}

# Readers that remove markup from every title.
MARKUP_TAKEN_OUT = {"feedparser.js", "newsboat"}

# Readers that take media:content for an enclosure if RSS has none.
MEDIA_FOR_ENCLOSURE = {"podcastparser", "feedparser.js", "rowanmanning"}

# Readers that keep an enclosure only if it is audio or video.
PLAYED_ONLY = {"newsboat"}

# Readers that sort entries by date.
SORTING = {"podcastparser"}

# Readers that drop an entry of RSS without a title.
TITLES_NEEDED = {"podcastparser"}

# Readers that make a title from the URL if RSS has none.
TITLES_MADE = {"newsboat"}

# newsboat keeps an entry only once, in the feed that it read last, even if several feeds contain it.

# The formats that each reader supports. feedparser 6 and newsboat do not support JSON Feed, podcastparser
# only RSS.
FORMATS = {
    "feedparser": ("rss", "atom"),
    "fastfeedparser": ("rss", "atom", "json"),
    "atoma": ("rss", "atom", "json"),
    "podcastparser": ("rss",),
    "feedsmith": ("rss", "atom", "json"),
    "rss-parser": ("rss", "atom"),
    "feedparser.js": ("rss", "atom"),
    "rowanmanning": ("rss", "atom"),
    "sfeed": ("rss", "atom"),
    "newsboat": ("rss", "atom"),
}
