"""What the judges are known not to do: data, each with its reason. Anything else that differs is a fault of a feed.

`SKIPPED` are the fields that a reader does not give of a format.
"""

SKIPPED = {
    ("fastfeedparser", "atom"): {"enclosure": "gives Atom enclosures among links, without their length"},
    ("podcastparser", "rss"): {"length": "knows no size where RSS says 0, which means unknown"},
    ("rss-parser", "atom"): {"enclosure": "takes no enclosure from Atom"},
    ("sfeed", "rss"): {"length": "gives neither length nor type of an enclosure", "type": "gives no type of an enclosure"},
    ("sfeed", "atom"): {"length": "gives neither length nor type of an enclosure", "type": "gives no type of an enclosure"},
    ("newsboat", "rss"): {"length": "stores no length of an enclosure"},
    ("newsboat", "atom"): {"length": "stores no length of an enclosure"},
}

# Readers that show a title as HTML, undecoded, where Atom says that it is HTML: feedmill says so only of the titles that
# the W3C service refuses as text (docs/decisions/validity.md#a7-text-constructs).
HTML_TITLES_UNDECODED = {"feedparser", "fastfeedparser", "sfeed", "newsboat", "rowanmanning"}

# Readers that take mark-up out of titles, wherever they see it.
MARKUP_TAKEN_OUT = {"feedparser.js", "newsboat"}

# Readers that take media:content for an enclosure where RSS has none.
MEDIA_FOR_ENCLOSURE = {"podcastparser", "feedparser.js", "rowanmanning"}

# Readers that keep an enclosure only where it is played, not an image.
PLAYED_ONLY = {"newsboat"}

# Readers that sort entries by date themselves.
SORTING = {"podcastparser"}

# newsboat keeps an entry once, however many feeds show it: under the feed that it read last.

# Which formats a reader reads: neither feedparser 6 nor newsboat knows JSON Feed, podcastparser only podcasts.
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
