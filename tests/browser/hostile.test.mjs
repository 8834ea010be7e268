// No text of an author runs as a script. Each payload of OWASP's filter evasion list is used as title,
// category, tag, author, image URL, summary and body of articles. No page runs one, even if the browser
// ignores the content security policy, and the policy alone would be sufficient.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { opened, withPage } from './browser.mjs';
import { serve } from './test_server.mjs';
import { english, hostile } from './sites.mjs';

const payloads = readFileSync(new URL('filter-evasion.txt', import.meta.url), 'utf8').split('\n').filter(Boolean);

const open = opened(() => hostile(payloads));

/** Records every script of the page itself, dialogs, and files that only scripts and frames request. */
async function watch(page, origin) {
  const seen = [];
  const session = await page.context().newCDPSession(page);
  session.on('Debugger.scriptParsed', ({ url, executionContextAuxData, length }) => {
    // Scripts of Playwright run in an isolated world, and what it evaluates in the page has no URL.
    if (executionContextAuxData?.isDefault && url !== '' && !url.startsWith('debugger:')) seen.push(`a script of ${length} characters at ${url}`);
  });
  await session.send('Debugger.enable');
  page.on('dialog', (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => {
    const kind = request.resourceType();
    const own = request.url().startsWith(origin);
    if (['script', 'object', 'media', 'fetch', 'xhr'].includes(kind) || (!own && ['stylesheet', 'document'].includes(kind))) seen.push(`${kind} ${request.url()}`);
  });
  page.on('frameattached', () => seen.push('a frame'));
  page.on('popup', () => seen.push('a window'));
  // The hosts in payloads do not exist, so requests to them are aborted.
  await page.route((url) => !url.href.startsWith(origin) && /^https?:/.test(url.protocol), (route) => route.abort());
  return seen;
}

/** Returns everything on a page that could run on hovering, clicking or printing. */
const active = () => {
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName;
    const html = element.outerHTML?.slice(0, 200) ?? name;
    if (/^(script|iframe|frame|object|embed|base|form|button|style|svg|math|template|xmp|plaintext)$/.test(name)) found.push(html);
    for (const { name: attribute, value } of element.attributes) {
      if (attribute.startsWith('on') || attribute === 'style' || attribute === 'srcdoc') found.push(html);
      const address = value.replace(/[\u0000-\u0020]/g, '').toLowerCase();
      if (/^(href|src|srcset|action|formaction|xlink:href|poster|data)$/.test(attribute) && /^(javascript|vbscript|livescript|view-source|data:(?!image\/))/.test(address)) found.push(html);
    }
    if (element.href && !/^(https?:|feed:|mailto:)/.test(element.protocol ?? 'http:')) found.push(`${element.protocol} ${html}`);
    if (name === 'meta' && element.httpEquiv) found.push(html);
  }
  return found;
};

it('no payload runs on any page, and no page contains active content, whatever the policy', async () => {
  const { browser, server } = open;
  const { feeds } = await (await fetch(`${server.url}/feeds.json`)).json();
  const { items } = await (await fetch(`${server.url}/feed.json`)).json();
  assert.equal(items.length, 2 * payloads.length, 'every payload is an article');
  assert.ok(feeds.length > payloads.length, 'payloads name feeds');
  const paths = ['/', '/categories/', '/tags/', '/authors/', '/feeds/', '/feeds/bad/', '/nothing/', '/rss.xml', '/atom.xml', '/feeds/bad/rss.xml', '/feeds/bad/atom.xml'];
  // All feeds of one kind use the same template, so a few of each kind are enough.
  for (const kind of ['category', 'tag', 'author']) paths.push(...feeds.filter((feed) => feed.kind === kind).slice(0, 8).map((feed) => new URL(feed.page).pathname));
  paths.push(...items.map((item) => new URL(item.url).pathname));
  const found = [];
  await withPage(browser, { bypassCSP: true }, async (page) => {
    const seen = await watch(page, server.url);
    for (const path of paths) {
      const answer = await page.goto(server.url + path, { waitUntil: 'load' });
      assert.ok([200, 404].includes(answer.status()), `${path}: ${answer.status()}`);
      found.push(...seen.splice(0).map((what) => `${path}: ran ${what}`));
      found.push(...(await page.evaluate(active)).map((what) => `${path}: ${what}`));
    }
  });
  assert.deepEqual(found.slice(0, 20), []);
});

const script = '<script xmlns="http://www.w3.org/1999/xhtml">document.documentElement.setAttribute("ran", "")</script>';

/** Opens a document with an injected script, with or without its content security policy. */
async function withScript(url, into, bypassCSP) {
  return withPage(open.browser, { bypassCSP }, async (page) => {
    await page.route(url, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(into, (found) => `${script}${found}`);
      await route.fulfill({ response: answer, body });
    });
    const seen = await watch(page, new URL(url).origin);
    await page.goto(url);
    return { seen: seen.length, ran: await page.evaluate(() => document.documentElement.hasAttribute('ran')) };
  });
}

it('the policy alone stops a script in a page or, as XHTML, in a feed; without it the script runs', async () => {
  const good = await serve(english());
  try {
    for (const [path, into] of [['/', /<\/main>/], ['/articles/cities/desire-lines/', /<\/article>/], ['/rss.xml', /<item>/], ['/atom.xml', /<entry>/]]) {
      const held = await withScript(good.url + path, into, false);
      assert.deepEqual(held, { seen: 0, ran: false }, path);
      const free = await withScript(good.url + path, into, true);
      // The debugger does not report scripts in XML.
      assert.ok(free.ran && (free.seen > 0 || path.endsWith('.xml')), `${path}: the script was not detected: ${JSON.stringify(free)}`);
    }
  } finally {
    await good.stop();
  }
});

it('images are requested without a referrer, by markup and by header', async () => {
  const { browser, server } = open;
  await withPage(browser, {}, async (page) => {
    const answer = await page.goto(`${server.url}/feeds/bad/`);
    const headers = answer.headers();
    assert.equal(headers['referrer-policy'], 'no-referrer');
    const policy = "default-src 'none'; img-src https: http: data:; media-src https: http:; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    assert.equal(headers['content-security-policy'], policy);
    const images = await page.locator('img').evaluateAll((all) => all.map((image) => image.referrerPolicy));
    assert.ok(images.length > 0 && images.every((value) => value === 'no-referrer'), images.join());
  });
});
