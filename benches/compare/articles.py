"""Generates the same articles for feedmill, Hugo and Hexo, in the form that aggregators write for Hexo.

Each has about 4 kB of text that compresses like real text, and a category path of three levels. The same number always
gives the same bytes.
"""

import datetime
import random
import shutil

from peers import WORK

# Frequent characters; two of them often form a word.
CHARACTERS = (
    "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日"
    "起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明"
)
SENTENCES = 4000
FIRST = datetime.datetime(2021, 8, 4)


def sentences():
    """Returns sentences in which some words are more frequent than others."""
    chance = random.Random(20210804)
    words = ["".join(chance.choices(CHARACTERS, k=2)) for _ in range(1500)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    return ["".join(chance.choices(words, weights, k=chance.randint(9, 22))) + "。" for _ in range(SENTENCES)]


def categories(number, leaves):
    """Returns the category path of an article; there are 10 × 2 × `leaves` of them."""
    return [f"新闻{number % 10}", f"科学{number // 10 % 2}", f"分类{number // 20 % leaves}"]


def front_matter(number, path, lists):
    image = f"https://img.example/2021/{number}.jpeg"
    date = (FIRST + datetime.timedelta(seconds=number)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    listed = "".join(f" - {name}\n" for name in lists(path))
    return (
        f"\n---\ntitle: 'Article {number}'\ncategories: \n{listed}headimg: '{image}'\nauthor: 作者{number % 10}\n"
        f"comments: false\ndate: {date}\nthumbnail: '{image}'\n---\n\n"
    )


def make(count, leaves=10):
    """Writes `count` articles to a content directory, and to Hugo's copy of it."""
    root = WORK / f"articles-{count}-{leaves}"
    if (root / "whole").exists():
        return root
    shutil.rmtree(root, ignore_errors=True)
    stock = sentences()
    for number in range(count):
        chance = random.Random(number)
        text = "".join(f"<p>{''.join(chance.choices(stock, k=4))}</p>" for _ in range(9))
        body = f"<div>   \n{text}  \n</div>\n            "
        path = categories(number, leaves)
        forms = {
            "content": lambda path: path,
            # Hugo has no category paths, so each node of the tree is a term, which gives the same feeds.
            "hugo/content": lambda path: ["/".join(path[: depth + 1]) for depth in range(len(path))],
        }
        for form, lists in forms.items():
            place = root / form / f"c{number % 10}" / f"{number // 1000}"
            if number % 1000 < 10:
                place.mkdir(parents=True)
            (place / f"p{number}.md").write_text(front_matter(number, path, lists) + body)
    (root / "whole").touch()
    return root
