// Whoever has no mouse reaches everything: each link, fold and address by Tab, with a ring around it; folds open by
// Enter, and addresses are copied.
//
// Each was seen to fail, with these bugs planted in what is served: no skip link; one that leads nowhere; one that stays
// out of sight; summaries that are no summaries, that are inert, or whose list stays hidden; addresses that Tab passes
// over, that do not look selected, or that are read out twice.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { copied, kinds, opened, withPage } from './browser.mjs';
import { english } from './sites.mjs';

const open = opened(english);

/** What has the focus, as its place among all elements, and whether one sees it. */
const focused = () => {
  const element = document.activeElement;
  // A field lies unseen under the address that it holds.
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

/** What one can act on, as places among all elements: folded things are reached when they are unfolded. */
const actable = () =>
  [...document.querySelectorAll('a[href], summary, input, [tabindex]')]
    .filter((element) => element.checkVisibility({ contentVisibilityAuto: true }))
    .map((element) => [...document.querySelectorAll('*')].indexOf(element));

it('Tab reaches everything one can act on, in the order of the page, and shows where it is', async () => {
  const { browser, mill } = open;
  const pages = await kinds(mill);
  await withPage(browser, { viewport: { width: 1024, height: 800 } }, async (page) => {
    for (const kind of ['home', 'categories', 'category', 'article', 'missing']) {
      await page.goto(mill.url + pages[kind]);
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

it('the first thing is the way past the rest', async () => {
  const { browser, mill } = open;
  await withPage(browser, {}, async (page) => {
    await page.goto(`${mill.url}/categories/`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(new URL(page.url()).hash, '#page-main');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null));
  });
});

it('Enter unfolds a category and the addresses of a feed, without any script', async () => {
  const { browser, mill } = open;
  await withPage(browser, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${mill.url}/`);
    for (const kind of ['fold', 'get']) {
      const details = page.locator(`details.${kind}`).first();
      assert.equal(await details.getAttribute('open'), null);
      await details.locator('> summary').focus();
      await page.keyboard.press('Enter');
      assert.equal(await details.getAttribute('open'), '', kind);
      assert.ok(await details.locator('a').first().isVisible(), kind);
    }
  });
});

it('Tab selects an address whole, two keys copy it, and one sees and hears what it is', async () => {
  const { browser, mill } = open;
  await withPage(browser, { javaScriptEnabled: false, viewport: { width: 1024, height: 800 } }, async (page) => {
    await page.goto(`${mill.url}/`);
    const atAddress = () => page.evaluate(() => document.activeElement.localName === 'input');
    for (let n = 0; n < 20 && !(await atAddress()); n++) await page.keyboard.press('Tab');
    await page.keyboard.press('Control+C');
    assert.equal(await copied(open), `${mill.url}/rss.xml`);
    await page.bringToFront();
    const grounds = await page.locator('.subscribe code').evaluateAll((all) => all.map((code) => getComputedStyle(code).backgroundColor));
    assert.notEqual(grounds[0], grounds[1], 'it does not look selected');
    assert.equal(grounds[1], grounds[2]);
    // A voice reads out the field, and not the same address again as text.
    const heard = await page.locator('.subscribe').ariaSnapshot();
    assert.match(heard, new RegExp(`textbox "RSS": ${mill.url}/rss.xml`));
    assert.equal(heard.split('/rss.xml').length, 4, `a link, a field and a reader: ${heard}`);
  });
});
