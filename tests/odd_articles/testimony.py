"""The form in which `tests/odd_articles.rs` reads what generators said."""

import json


def testimony(content, files, articles, said, meant):
    """The lines of a testimony, an article each."""
    lines = []
    for path, text in articles.items():
        one = said.get(path)
        if one is not None:
            one = {**one, "title": " ".join(one["title"].split())}
            if not one["title"]:
                # Then ours is the first heading, or the name of the file.
                del one["title"]
        line = {"path": path, "text": text, "said": one}
        if path in meant:
            because, changes = meant[path]
            read = None if changes is None else {"categories": [], "tags": [], **(one or {}), **changes}
            if read is not None and "date" in changes:
                # Another date makes another address.
                read.pop("permalink", None)
                read["date"] = read["date"] or "none"
            line["differs"] = {"because": because, "read": read}
        lines.append(json.dumps(line, ensure_ascii=False))
    assert not set(meant) - set(articles), set(meant) - set(articles)
    start = json.dumps({"content": content, "files": files}, ensure_ascii=False)
    return start[:-1] + ', "articles": [\n' + ",\n".join(lines) + "\n]}"
