"""What readers show differently for reasons of their own, by reader, format and field. Any other difference is a fault."""

LIMITS = {
    ("reader", "rss", "language"): "the language of the feed for every entry",
    ("fastfeedparser", "atom", "author"): "the first of several authors",
    ("fastfeedparser", "json", "author"): "the first of several authors",
    ("rss-parser", "atom", "author"): "the first of several authors",
    ("sfeed", "atom", "author"): "the first of several authors",
    ("reader", "rss", "author"): "without what looks like markup",
    ("reader", "rss", "title"): "without what looks like markup",
    ("sfeed", "rss", "categories"): "names with `|` as two",
    ("Miniflux", "rss", "author"): "without what looks like markup",
    ("Miniflux", "rss", "title"): "without what looks like markup",
    ("Miniflux", "atom", "author"): "several authors by the alphabet",
    ("Miniflux", "json", "author"): "several authors by the alphabet",
    ("reader", "atom", "author"): "the last of several authors",
    ("sfeed", "atom", "categories"): "the term of a category, not its label",
    ("newsboat", "rss", "url"): "only audio and video",
    ("newsboat", "atom", "url"): "only audio and video",
    ("newsboat", "rss", "type"): "only audio and video",
    ("newsboat", "atom", "type"): "only audio and video",
}
