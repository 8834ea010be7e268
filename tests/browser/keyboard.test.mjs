// The pages can be used with a keyboard: Tab reaches every link, fold and URL and shows a focus ring, Enter
// opens folds, and URLs can be copied.
//
// The tests failed when these bugs were planted in what is served: no skip link; a skip link without a
// target, or one that stays hidden; summaries that are not summaries, that are inert, or whose list stays
// hidden; URLs that Tab skips, that do not look selected, or that are read out twice.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { copied, kinds, opened, withPage } from './browser.mjs';
import { english } from './sites.mjs';

const open = opened(english);

/** Returns the index of the focused element among all elements, and whether its focus is visible. */
const focused = () => {
  const element = document.activeElement;
  // An invisible field lies under the URL that it contains.
  const shown = element.localName === 'input' ? element.nextElementSibling : element;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const { top, bottom } = shown.getBoundingClientRect();
  return {
    at: [...document.querySelectorAll('*')].indexOf(element),
    what: element.outerHTML.slice(0, 120),
    ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    seen: bottom > 0 && top < innerHeight,
  };
};

/** Returns the indexes of all controls; those in a fold count once it is open. */
const actable = () =>
  [...document.querySelectorAll('a[href], summary, input, [tabindex]')]
    .filter((element) => element.checkVisibility({ contentVisibilityAuto: true }))
    .map((element) => [...document.querySelectorAll('*')].indexOf(element));

it('Tab reaches every control in the order of the page and shows the focus', async () => {
  const { browser, server } = open;
  const pages = await kinds(server);
  await withPage(browser, { viewport: { width: 1024, height: 800 } }, async (page) => {
    for (const kind of ['home', 'categories', 'category', 'article', 'missing']) {
      await page.goto(server.url + pages[kind]);
      const wanted = await page.evaluate(actable);
      assert.ok(wanted.length >= 4, `${kind}: ${wanted.length}`);
      const reached = [];
      for (let n = 0; n < wanted.length; n++) {
        await page.keyboard.press('Tab');
        const focus = await page.evaluate(focused);
        assert.ok(focus.ring, `${kind}: no ring around ${focus.what}`);
        assert.ok(focus.seen, `${kind}: out of sight: ${focus.what}`);
        reached.push(focus.at);
      }
      assert.deepEqual(reached, wanted, kind);
    }
  });
});

it('the first link skips to the content', async () => {
  const { browser, server } = open;
  await withPage(browser, {}, async (page) => {
    await page.goto(`${server.url}/categories/`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(new URL(page.url()).hash, '#page-main');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null));
  });
});

it('Enter unfolds a category, without JavaScript', async () => {
  const { browser, server } = open;
  await withPage(browser, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${server.url}/`);
    const details = page.locator('details.fold').first();
    assert.equal(await details.getAttribute('open'), null);
    await details.locator('> summary').focus();
    await page.keyboard.press('Enter');
    assert.equal(await details.getAttribute('open'), '');
    assert.ok(await details.locator('a').first().isVisible());
  });
});

it('Tab selects a whole URL, a shortcut copies it, and its label is visible and read out', async () => {
  const { browser, server } = open;
  await withPage(browser, { javaScriptEnabled: false, viewport: { width: 1024, height: 800 } }, async (page) => {
    await page.goto(`${server.url}/`);
    const atAddress = () => page.evaluate(() => document.activeElement.localName === 'input');
    for (let n = 0; n < 150 && !(await atAddress()); n++) await page.keyboard.press('Tab');
    await page.keyboard.press('Control+C');
    assert.equal(await copied(open), `${server.url}/rss.xml`);
    await page.bringToFront();
    const grounds = await page.locator('.subscribe code').evaluateAll((all) => all.map((code) => getComputedStyle(code).backgroundColor));
    assert.notEqual(grounds[0], grounds[1], 'it does not look selected');
    assert.equal(grounds[1], grounds[2]);
    // A screen reader reads the field, and not the same URL again as text.
    const heard = await page.locator('.subscribe').ariaSnapshot();
    assert.match(heard, new RegExp(`textbox "RSS": ${server.url}/rss.xml`));
    assert.equal(heard.split('/rss.xml').length, 4, `a link, a field and a reader: ${heard}`);
  });
});
