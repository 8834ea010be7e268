// Readers from npm: each parses a document and returns its entries in the form of readers.py.
//
// Reads lines of {"format", "path"}, and writes a line of {reader: entries or {"error"}} for each. The schema
// of JSON Feed is one of the readers.

import fs from "node:fs";
import { createRequire } from "node:module";
import readline from "node:readline";
import { Readable } from "node:stream";

// The packages are below the working directory, in target/.
const require = createRequire(`${process.cwd()}/`);
const { parseFeed } = require("feedsmith");
const RssParser = require("rss-parser");
const FeedParser = require("feedparser");
const rowanmanning = require("@rowanmanning/feed-parser");
const Ajv = require("ajv/dist/2019").default;
const addFormats = require("ajv-formats").default;

const schema = JSON.parse(fs.readFileSync(require.resolve("jsonfeed-schema/schema-v1.1.json"), "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
// The schema names an older draft, but its keywords have the same meaning in this one.
delete schema.$schema;
const isJsonFeed = ajv.compile(schema);

const seconds = (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null);
const decoded = (text, type) =>
  type === "html" ? text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&") : text;
const seen = (id, title, link, date, enclosures) => ({ id, title: title ?? "", link, date, enclosures });

const readers = {
  feedsmith(text, format) {
    const { format: found, feed } = parseFeed(text);
    if (found !== format) throw new Error(`taken for ${found}`);
    if (format === "rss") {
      return feed.items.map((i) =>
        seen(i.guid?.value, i.title, i.link, seconds(i.pubDate), (i.enclosures ?? []).map((e) => [e.url, e.length, e.type])));
    }
    if (format === "atom") {
      return feed.entries.map((e) => {
        const links = e.links.filter((l) => l.rel === "enclosure").map((l) => [l.href, l.length, l.type]);
        const link = e.links.find((l) => l.rel === "alternate").href;
        return seen(e.id, decoded(e.title.value, e.title.type), link, seconds(e.published), links);
      });
    }
    return feed.items.map((i) =>
      seen(i.id, i.title, i.url, seconds(i.date_published), (i.attachments ?? []).map((a) => [a.url, a.size_in_bytes, a.mime_type])));
  },

  async "rss-parser"(text) {
    const feed = await new RssParser({ customFields: { item: [["title", "own", { keepArray: true }]] } }).parseString(text);
    return feed.items.map((i) => {
      const title = i.own?.[0]?._ === undefined ? i.title : decoded(i.own[0]._, i.own[0].$?.type);
      const enclosures = i.enclosure ? [[i.enclosure.url, i.enclosure.length, i.enclosure.type]] : [];
      return seen(i.guid ?? i.id, title, i.link, seconds(i.pubDate), enclosures);
    });
  },

  async "feedparser.js"(text) {
    const items = await new Promise((resolve, reject) => {
      const found = [];
      const parser = new FeedParser({ addmeta: false });
      parser.on("error", reject);
      parser.on("readable", () => {
        for (let item = parser.read(); item; item = parser.read()) found.push(item);
      });
      parser.on("end", () => resolve(found));
      Readable.from([Buffer.from(text)]).pipe(parser);
    });
    return items.map((i) =>
      seen(i.guid, i.title, i.link, i.pubdate ? Math.floor(i.pubdate.getTime() / 1000) : null, i.enclosures.map((e) => [e.url, e.length, e.type])));
  },

  rowanmanning(text) {
    const feed = rowanmanning.parseFeed(text);
    return feed.items.map((i) =>
      seen(i.id, i.title, i.url, i.published ? Math.floor(i.published.getTime() / 1000) : null, i.media.map((m) => [m.url, m.length, m.mimeType])));
  },
};

const takes = { feedsmith: ["rss", "atom", "json"], "rss-parser": ["rss", "atom"], "feedparser.js": ["rss", "atom"], rowanmanning: ["rss", "atom"] };

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
  if (format === "json" && !isJsonFeed(JSON.parse(text))) {
    answer["jsonfeed-schema"] = { error: ajv.errorsText(isJsonFeed.errors) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
