// Starts Debian's Chromium with Playwright, opens a site in it, and finds a page of each kind.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { serve } from './test_server.mjs';

/** Where the tools are set up and what the run leaves is put. */
export const place = process.env.BROWSER_PLACE;

export const tools = createRequire(join(place, 'node_modules', '/'));

/** Chromium, as root and without a look at the network. */
export const launch = () =>
  tools('playwright-core').chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });

/** A browser, and a site served to it: there before the tests of a file begin, gone when they are over. */
export function opened(site) {
  const open = {};
  before(async () => {
    open.browser = await launch();
    open.server = await serve(site());
  });
  after(async () => {
    await open.server?.stop();
    await open.browser?.close();
  });
  return open;
}

/** What was copied. A page of its own reads it: those that are looked at may run no script. */
export const copied = ({ browser, server }) =>
  withPage(browser, { permissions: ['clipboard-read'] }, async (page) => {
    await page.goto(`${server.url}/`);
    await page.bringToFront();
    return page.evaluate(() => navigator.clipboard.readText());
  });

/** Runs `work` with a page of its own, in a context with these options. */
export async function withPage(browser, options, work) {
  const context = await browser.newContext(options);
  try {
    return await work(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** The path of an address the site itself wrote. */
const path = (address) => new URL(address).pathname;

/** A page of each kind that the site has: kind to path. */
export async function kinds(server) {
  const json = async (name) => {
    const answer = await fetch(server.url + name);
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer.json();
  };
  const { feeds } = await json('/feeds.json');
  const { items } = await json('/feed.json');
  // An article with an image, if there is one.
  const article = items.find((item) => item.image) ?? items[0];
  const found = { home: '/', categories: '/categories/', tags: '/tags/', authors: '/authors/', feeds: '/feeds/' };
  for (const kind of ['category', 'tag', 'author', 'feed']) {
    const most = feeds.filter((feed) => feed.kind === kind).sort((a, b) => b.count - a.count)[0];
    if (most) found[kind] = path(most.page);
  }
  // The deepest category, whose page has links to its parents.
  const deep = feeds.filter((feed) => feed.kind === 'category').sort((a, b) => b.path.length - a.path.length)[0];
  return { ...found, deep: path(deep.page), article: path(article.url), missing: '/nothing-here/' };
}

/** The feeds that a browser shows by the style sheet. */
export const styled = { rss: '/rss.xml', atom: '/atom.xml' };

/** A picture of what the window shows, with its images. Playwright asks for the body of the document, which XML has not. */
export async function capture(page) {
  await page.evaluate(() => {
    const shown = [...(document.images ?? [])].filter((image) => image.getBoundingClientRect().top < innerHeight);
    // An image that fails to load is shown as such.
    return Promise.all(shown.map((image) => image.decode().catch(() => {})));
  });
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'png' });
  await session.detach();
  return Buffer.from(data, 'base64');
}

/** What the Nu checker says of files: its messages. */
export function checked(files) {
  const jar = tools.resolve('vnu-jar/build/dist/vnu.jar');
  const run = spawnSync('java', ['-Xss1m', '-jar', jar, '--stdout', '--exit-zero-always', '--format', 'json', ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`the checker ended with ${run.status}: ${run.stderr}`);
  return JSON.parse(run.stdout).messages;
}
