"""Compares random sites post by post: what the site's own generator publishes, and what feedmill does.

    sites.py [--seconds N | --sites N] [--seed N] [--only N] [GENERATOR…]

`differences.toml` lists the differences that stay. Any other one is a failure, and so is a rule that applies to more
posts than it may.
"""

import argparse
import importlib
import random
import re
import shutil
import sys
import time
import tomllib
from pathlib import Path

import feedmill
from posts import TARGET

GENERATORS = ["hugo", "jekyll", "hexo"]
HERE = Path(__file__).resolve().parent
RULES = tomllib.loads((HERE / "differences.toml").read_text()).get("rule", [])
SHOWN = 20


def folded(names):
    """Names that differ only in letter case, spaces, hyphens and underscores are one."""
    fold = lambda text: re.sub(r"[\s_-]+", " ", text).casefold()  # noqa: E731
    return sorted({tuple(map(fold, name)) if isinstance(name, tuple) else fold(name) for name in names})


def compare(theirs, ours):
    """Yields a path, the name of a property, and both values, for each difference."""
    for path in sorted(theirs.keys() | ours.keys()):
        a, b = theirs.get(path), ours.get(path)
        if a is None or b is None:
            yield path, "published", a is not None, b is not None
            continue
        for name in ("url", "id", "instant", "categories", "tags"):
            left, right = getattr(a, name), getattr(b, name)
            if left is None:
                continue
            if isinstance(left, set):
                left, right = folded(left), folded(right)
            if left != right:
                yield path, name, left, right


def rule_of(generator, directory, path, name, left, right):
    """Returns the rule that explains a difference. Its patterns must match the path, the text of the file and both values."""
    text = (directory / path).read_text(encoding="utf-8", errors="replace") if (directory / path).is_file() else ""
    subjects = {"path": path, "text": text, "theirs": str(left), "ours": str(right)}
    for rule in RULES:
        if rule.get("generator", generator) == generator and rule["property"] == name:
            if all(re.search(rule.get(key, ""), subject) for key, subject in subjects.items()):
                return rule
    return None


def run(name, seed, seconds, sites, only):
    """Compares sites of one generator until their number or the time is reached, and returns whether all differences are explained."""
    generator = importlib.import_module(name)
    started, number, posts, equal, failures, counts = time.monotonic(), only or 0, 0, 0, 0, {}
    while only is not None or (number < sites if sites else time.monotonic() - started < seconds):
        directory = TARGET / "sites" / name / "site"
        shutil.rmtree(directory.parent, ignore_errors=True)
        directory.mkdir(parents=True)
        site = generator.write(directory, random.Random(f"{name} {seed} {number}"))
        published = generator.publish(directory, site)
        number += 1
        if published is None:
            continue
        theirs = {post.path: post for post in published}
        ours = feedmill.posts(directory, site, any(post.id for post in theirs.values()))
        different = set()
        for path, what, left, right in compare(theirs, ours):
            different.add(path)
            rule = rule_of(name, directory / site.content, path, what, left, right)
            if rule:
                counts[rule["reason"]] = counts.get(rule["reason"], 0) + 1
                continue
            failures += 1
            if failures <= SHOWN:
                print(f"{name} --seed {seed} --only {number - 1}: {path}: {what}: {left} became {right}", file=sys.stderr)
        posts += len(theirs)
        equal += len(theirs.keys() - different)
        if only is not None:
            break
    print(f"{name}: {number if only is None else 1} sites, {posts} posts, {equal} equal, {failures} differences without a rule")
    for rule in (rule for rule in RULES if rule.get("generator", name) == name):
        count = counts.get(rule["reason"], 0)
        print(f"    {count:5} of at most {rule['per_thousand']} in a thousand: {rule['reason']}")
        if posts and only is None and count > 5 + posts * rule["per_thousand"] / 1000:
            print(f"{name}: this rule applies to too many posts: {rule['reason']}", file=sys.stderr)
            failures += 1
    return failures == 0 and posts > 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--sites", type=int, help="this number of sites for each generator, however long it takes")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", type=int)
    parser.add_argument("generators", nargs="*", default=GENERATORS)
    given = parser.parse_args()
    assert len(RULES) <= 15, "differences.toml has more than 15 rules"
    print(f"seed {given.seed}", flush=True)
    results = [run(name, given.seed, given.seconds, given.sites, given.only) for name in given.generators or GENERATORS]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
