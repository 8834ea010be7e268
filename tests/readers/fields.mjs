// Readers from npm: each returns the fields of the entries of a document, in the form of fields.py.
//
// Reads lines of {"format", "path"}, and writes a line of {reader: entries or {"error"}} for each.

import fs from "node:fs";
import { createRequire } from "node:module";
import readline from "node:readline";

// The packages are below the working directory, in target/.
const require = createRequire(`${process.cwd()}/`);
const { parseFeed } = require("feedsmith");
const RssParser = require("rss-parser");

const seconds = (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null);

const readers = {
  feedsmith(text, format) {
    const { feed } = parseFeed(text);
    if (format === "rss") {
      return feed.items.map((i) => ({
        title: i.title, author: i.dc?.creators?.join(", "), date: seconds(i.pubDate), language: i.dc?.languages?.[0] ?? feed.language,
        categories: i.categories?.map((c) => c.name), link: i.link, content: i.content?.encoded ?? i.description,
        enclosures: (i.enclosures ?? []).map((e) => [e.url, e.length, e.type]), id: i.guid?.value, duration: i.itunes?.duration,
      }));
    }
    if (format === "atom") {
      return feed.entries.map((e) => ({
        title: e.title.value, author: e.authors?.map((a) => a.name).join(", "), date: seconds(e.published),
        categories: e.categories?.map((c) => c.label), link: e.links.find((l) => l.rel === "alternate").href,
        content: e.content?.value ?? e.summary?.value, id: e.id,
        enclosures: e.links.filter((l) => l.rel === "enclosure").map((l) => [l.href, l.length, l.type]),
      }));
    }
    return feed.items.map((i) => ({
      title: i.title, author: (i.authors ?? feed.authors)?.map((a) => a.name).join(", "), date: seconds(i.date_published),
      language: i.language ?? feed.language, categories: i.tags, link: i.url, content: i.content_html ?? i.content_text, id: i.id,
      enclosures: (i.attachments ?? []).map((a) => [a.url, a.size_in_bytes, a.mime_type]), duration: i.attachments?.[0].duration_in_seconds,
    }));
  },

  async "rss-parser"(text, format) {
    const feed = await new RssParser().parseString(text);
    const names = (categories) => categories?.map((c) => c._ ?? c.$?.label ?? c);
    return feed.items.map((i) => ({
      title: i.title, author: i.creator ?? i.author, date: seconds(i.pubDate), link: i.link, content: i["content:encoded"] ?? i.content ?? i.summary,
      categories: format === "rss" ? names(i.categories) : undefined, id: i.guid ?? i.id, duration: i.itunes?.duration,
      enclosures: format === "rss" ? (i.enclosure ? [[i.enclosure.url, i.enclosure.length, i.enclosure.type]] : []) : undefined,
    }));
  },
};

const takes = { feedsmith: ["rss", "atom", "json"], "rss-parser": ["rss", "atom"] };

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { format, path } = JSON.parse(line);
  const text = fs.readFileSync(path, "utf8");
  const answer = {};
  for (const [name, read] of Object.entries(readers)) {
    if (!takes[name].includes(format)) continue;
    try {
      answer[name] = await read(text, format);
    } catch (error) {
      answer[name] = { error: String(error?.stack ?? error) };
    }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
