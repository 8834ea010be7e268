#!/usr/bin/env python3
"""Generates any number of articles for measurements.

    benches/articles.py DIRECTORY ARTICLES

Each article has the form that aggregators write for Hexo: about 4 kB of HTML, a path of three categories, and a lead image
behind a proxy. The tree has three levels of ten directories each, so that a thousand directories are a thousand categories
with a thousandth of the articles each. The same number always gives the same bytes, and no two articles are equal.
"""

import os, pathlib, sys
from email.utils import formatdate

SENTENCE = "水车把河水一斗一斗地提上来，又一斗一斗地倒进渠里，从不问它去了哪里，也不问明天还有没有水。"
PARAGRAPH = f"<p>{SENTENCE * 4}</p>"


def place(number):
    """Returns the path of an article, relative to the content directory."""
    return f"c{number % 10}/m{number // 10 % 10}/l{number // 100 % 10}/p{number}.md"


def article(number, title=None):
    top, middle, leaf = number % 10, number // 10 % 10, number // 100 % 10
    # Five minutes apart, so that a million articles span nine and a half years.
    written = formatdate(1_300_000_000 + number * 300, usegmt=True)
    image = f"https://proxy.example/?http://img.example/2021/08/04/{number:032x}.jpeg"
    picture = f'<img src="{image}" data-size="600,800" referrerpolicy="no-referrer">'
    return (
        f"\n---\ntitle: '{title or f'水车日报第{number}号：渠水今日流向何方'}'\n"
        f"categories: \n - 新闻{top}\n - 科学{middle}\n - 分类{leaf}\n"
        f"headimg: '{image}'\nauthor: 作者{top}\ncomments: false\ndate: {written}\nthumbnail: '{image}'\n---\n\n"
        f"<div>   \n{PARAGRAPH}{picture}{PARAGRAPH}{PARAGRAPH * 4}<p>{number}</p>  \n</div>\n            "
    )


def make(directory, articles):
    """Fills a directory, unless it has been filled before."""
    directory = pathlib.Path(directory)
    done = directory.parent / f".{directory.name}.made"
    if done.is_file() and done.read_text() == str(articles):
        return
    for number in range(min(articles, 1000)):
        (directory / place(number)).parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    # Directory by directory, as when a tree is copied.
    for first in range(min(articles, 1000)):
        for number in range(first, articles, 1000):
            file = os.open(place(number), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=descriptor)
            os.write(file, article(number).encode())
            os.close(file)
    os.close(descriptor)
    done.write_text(str(articles))


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]))
