"""Formats the results of a generator for `tests/it/edge_cases.rs`."""

import json


def recorded(content, files, articles, said, meant):
    """Returns a site as JSON, with one line for each article."""
    lines = []
    for path, text in articles.items():
        one = said.get(path)
        if one is not None:
            one = {**one, "title": " ".join(one["title"].split())}
            if not one["title"]:
                # feedmill then uses the first heading, or the name of the file.
                del one["title"]
        line = {"path": path, "text": text, "said": one}
        if path in meant:
            because, changes = meant[path]
            read = None if changes is None else {"categories": [], "tags": [], **(one or {}), **changes}
            if read is not None and "date" in changes:
                # Another date changes the permalink.
                read.pop("permalink", None)
                read["date"] = read["date"] or "none"
            line["differs"] = {"because": because, "read": read}
        lines.append(json.dumps(line, ensure_ascii=False))
    assert not set(meant) - set(articles), set(meant) - set(articles)
    start = json.dumps({"content": content, "files": files}, ensure_ascii=False)
    return start[:-1] + ', "articles": [\n' + ",\n".join(lines) + "\n]}"
