// The way of a person who clicked on a feed link: open `/`, find a category, read an article, copy the URL of
// the feed, open it, and see it styled. JavaScript is disabled.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { copied, opened, withPage } from './browser.mjs';
import { english, paged } from './sites.mjs';
import { serve } from './test_server.mjs';

const open = opened(english);

/** Returns the style of the document, in HTML or XML. */
const look = () => {
  const of = (selector, pseudo) => {
    const element = document.querySelector(selector);
    const style = element && getComputedStyle(element, pseudo);
    return style && { display: style.display, size: parseFloat(style.fontSize), content: style.content };
  };
  return {
    title: of('channel > title, feed > title'),
    note: of('rss, feed', '::before'),
    entry: of('item > title, entry > title'),
    date: of('item > pubDate, entry > published'),
    id: of('item > guid, entry > id'),
    body: of('item > encoded, entry > content'),
    ground: getComputedStyle(document.documentElement).backgroundColor,
  };
};

function assertStyled(seen) {
  assert.equal(seen.title.display, 'block');
  assert.ok(seen.title.size >= 24, `the title is ${seen.title.size} pixels`);
  assert.ok(seen.note.content.includes('This is a feed'), seen.note.content);
  assert.ok(seen.entry.size > 16 && seen.date.display === 'block');
  for (const hidden of [seen.id, seen.body]) assert.equal(hidden.display, 'none');
  assert.notEqual(seen.ground, 'rgba(0, 0, 0, 0)');
}

it('from the home page to a feed that is copied, opened and styled', async () => {
  const { browser, server } = open;
  await withPage(browser, { javaScriptEnabled: false, viewport: { width: 1024, height: 800 } }, async (page) => {
    await page.goto(`${server.url}/`);
    assert.equal(await page.locator('h1').innerText(), 'The Millrace 水车周刊');

    // A subcategory.
    const tree = page.locator('.tree > li', { has: page.getByRole('link', { name: '科学', exact: true }) });
    const below = tree.getByRole('link', { name: '天文', exact: true });
    assert.ok(!(await below.isVisible()), 'the tree is folded');
    await tree.locator('details.fold > summary').click();
    await below.click();
    assert.equal(await page.locator('h1').innerText(), '天文');
    assert.ok(await page.locator('.subscribe').getByText('A feed brings you new articles').isVisible());

    // An article, and back to the feed by the category it names.
    await page.locator('.entries').getByRole('link', { name: '星星围着哪里转' }).click();
    assert.equal(await page.locator('h1').innerText(), '星星围着哪里转');
    assert.ok((await page.locator('.body').innerText()).includes('北极星'));
    assert.equal(await page.locator('article').getAttribute('lang'), 'zh-CN');
    await page.locator('.title').getByRole('link', { name: '科学 / 天文', exact: true }).click();
    assert.equal(await page.locator('h1').innerText(), '天文');

    // One click selects the URL of the feed, a keyboard shortcut copies it.
    await page.locator('.subscribe code').first().click();
    await page.keyboard.press('Control+C');
    const address = await copied(open);
    assert.equal(address, `${server.url}/categories/ke-xue/tian-wen/rss.xml`);
    assert.equal(await page.getByRole('link', { name: 'Open in a feed reader' }).getAttribute('href'), `feed:${address}`);

    await page.goto(address);
    assertStyled(await page.evaluate(look));
    assert.ok(await page.evaluate(() => document.querySelector('title').textContent.startsWith('科学 / 天文')));
  });
});

it('a row of the home page leads to the URLs of its feed, and one click selects a whole URL', async () => {
  const { browser, server } = open;
  await withPage(browser, {}, async (page) => {
    await page.goto(`${server.url}/`);
    await page.getByRole('link', { name: 'Subscribe to Long reads for a slow Sunday' }).click();
    assert.equal(new URL(page.url()).hash, '#page-subscribe');
    const formats = ['rss.xml', 'atom.xml', 'feed.json'];
    for (const [n, name] of formats.entries()) {
      await page.locator('.subscribe code').nth(n).click();
      assert.equal(await page.evaluate(() => getSelection().toString()), `${server.url}/feeds/long-reads/${name}`);
      assert.ok(await page.locator('.copy a').nth(n).evaluate((link, end) => link.href.endsWith(end), `/feeds/long-reads/${name}`));
    }
    await page.keyboard.press('Control+C');
    assert.equal(await copied(open), `${server.url}/feeds/long-reads/feed.json`);
  });
});

it('from the home page over an article and its category to page 3, a reader on the web, and back', async () => {
  const base = 'https://feeds.example.org';
  const server = await serve({ ...paged(), base });
  try {
    await withPage(open.browser, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } }, async (page) => {
      const heading = () => page.locator('h1').innerText();
      await page.goto(`${server.url}/`);
      await page.getByRole('link', { name: 'Reading 4', exact: true }).click();
      assert.equal(await heading(), 'Reading 4');
      // The page works before the public URL does.
      assert.ok(await page.locator('.article .lead').evaluate((image) => image.decode().then(() => image.naturalWidth > 0)));
      await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Rivers' }).click();
      assert.equal(await heading(), 'Rivers');
      await page.getByRole('link', { name: 'Page 3 of 4' }).click();
      assert.equal(new URL(page.url()).pathname, '/categories/rivers/page/3/');
      assert.ok(await page.locator('.title').getByText('Page 3 of 4').isVisible());
      assert.equal(await page.locator('.headlines > li').count(), 30);
      await page.locator('.jump a').click();
      let asked;
      await page.route('https://www.inoreader.com/**', (route) => {
        asked = new URL(route.request().url());
        return route.fulfill({ body: 'added' });
      });
      await page.locator('.subscribe').getByRole('link', { name: 'Inoreader' }).click();
      assert.equal(asked.searchParams.get('add_feed'), `${base}/categories/rivers/rss.xml`);
      await page.goBack();
      await page.getByRole('link', { name: 'Newer articles' }).click();
      assert.equal(new URL(page.url()).pathname, '/categories/rivers/page/2/');
      await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Tags' }).click();
      assert.equal(await heading(), 'Tags');
      await page.getByRole('link', { name: 'Home', exact: true }).click();
      assert.equal(new URL(page.url()).pathname, '/');
    });
  } finally {
    await server.stop();
  }
});

it('RSS and Atom are styled, in light and in dark', async () => {
  const { browser, server } = open;
  const grounds = [];
  for (const colorScheme of ['light', 'dark']) {
    await withPage(browser, { colorScheme }, async (page) => {
      for (const path of ['/rss.xml', '/atom.xml']) {
        await page.goto(server.url + path);
        const seen = await page.evaluate(look);
        assertStyled(seen);
        grounds.push(seen.ground);
      }
    });
  }
  assert.equal(new Set(grounds).size, 2, grounds.join());
});
