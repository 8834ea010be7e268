// Starts Debian's Chromium with Playwright, opens a site in it, and finds a page of each kind.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { serve } from './test_server.mjs';

/** The directory of the tools and of the results. */
export const place = process.env.BROWSER_PLACE;

export const tools = createRequire(join(place, 'npm', 'node_modules', '/'));

/** Starts Chromium, also as root, and without network access. */
export const launch = () =>
  tools('playwright-core').chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });

/** Opens a browser and a server with a site before the tests of a file, and closes them afterwards. */
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

/** Reads the clipboard with a separate page, because the tested pages may not run scripts. */
export const copied = ({ browser, server }) =>
  withPage(browser, { permissions: ['clipboard-read'] }, async (page) => {
    await page.goto(`${server.url}/`);
    await page.bringToFront();
    return page.evaluate(() => navigator.clipboard.readText());
  });

/** Runs `work` with a new page, in a context with these options. */
export async function withPage(browser, options, work) {
  const context = await browser.newContext(options);
  try {
    return await work(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** The path of a URL. */
const path = (address) => new URL(address).pathname;

/** Returns the path of one page of each kind that the site has. */
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
  if (feeds[0].count > 30) found.older = '/page/2/';
  return { ...found, deep: path(deep.page), article: path(article.url), missing: '/nothing-here/' };
}

/** The feeds that a browser displays with the style sheet. */
export const styled = { rss: '/rss.xml', atom: '/atom.xml' };

/** Takes a screenshot of the window, with its images. Playwright's own needs the body of the document, which XML lacks. */
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

/** Returns the messages of the Nu checker for some files. */
export function checked(files) {
  const jar = tools.resolve('vnu-jar/build/dist/vnu.jar');
  const run = spawnSync('java', ['-Xss1m', '-jar', jar, '--stdout', '--exit-zero-always', '--format', 'json', ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`the checker ended with ${run.status}: ${run.stderr}`);
  return JSON.parse(run.stdout).messages;
}
