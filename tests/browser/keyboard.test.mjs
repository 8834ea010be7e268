// Whoever has no mouse reaches everything: each link and fold by Tab, with a ring around it, and folds open by Enter.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { kinds, launch, withPage } from './browser.mjs';
import { serve } from './mill.mjs';
import { english } from './sites.mjs';

let browser;
let mill;
before(async () => {
  browser = await launch();
  mill = await serve(english());
});
after(async () => {
  await mill.stop();
  await browser.close();
});

/** What has the focus, as its place among all elements, and whether one sees it. */
const focused = () => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { top, bottom } = element.getBoundingClientRect();
  return {
    at: [...document.querySelectorAll('*')].indexOf(element),
    what: element.outerHTML.slice(0, 120),
    ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    seen: bottom > 0 && top < innerHeight,
  };
};

/** What one can act on, as places among all elements: folded things are reached when they are unfolded. */
const actable = () =>
  [...document.querySelectorAll('a[href], summary, [tabindex]')]
    .filter((element) => element.checkVisibility({ contentVisibilityAuto: true }))
    .map((element) => [...document.querySelectorAll('*')].indexOf(element));

it('Tab reaches everything one can act on, in the order of the page, and shows where it is', async () => {
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
