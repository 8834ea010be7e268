// Every kind of page is accessible: axe-core finds nothing, in light and dark mode and in both writing
// directions.
//
// The tests failed when these bugs were planted in the style sheet: secondary text in #8a9197 in light mode
// and #666b70 in dark mode, numbers of tags in #a0a4a8.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { kinds, launch, tools, withPage } from './browser.mjs';
import { serve } from './test_server.mjs';
import { arabic, chinese, english, faulty, hard } from './sites.mjs';

const axe = readFileSync(tools.resolve('axe-core/axe.min.js'), 'utf8');

/** Returns the findings of axe on the page, one line for each node. */
export async function complaints(page) {
  await page.evaluate(axe);
  const { violations, passes, incomplete } = await page.evaluate(() => globalThis.axe.run());
  assert.ok(passes.length > 10, 'axe looked at nothing');
  // axe cannot measure contrast on a gradient or an image, and such results are not counted as passed.
  const blind = ({ any }) => any.some(({ data }) => ['bgGradient', 'bgImage'].includes(data?.messageKey));
  const untold = incomplete.map((rule) => ({ ...rule, nodes: rule.id === 'color-contrast' ? rule.nodes.filter(blind) : [] }));
  return [...violations, ...untold].flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}\n    ${html}\n    ${failureSummary}`));
}

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const [name, site] of Object.entries({ english, chinese, hard, arabic })) {
  describe(`axe finds nothing on the ${name} site`, () => {
    let server;
    let pages;
    before(async () => {
      server = await serve(site());
      pages = { ...(await kinds(server)), ...(name === 'hard' ? { gone: '/old/', wide: '/articles/wide/', rtl: '/articles/arabic/', podcast: '/articles/podcast/' } : {}) };
    });
    after(() => server.stop());
    for (const colorScheme of ['light', 'dark']) {
      it(`in ${colorScheme}`, async () => {
        const found = [];
        await withPage(browser, { colorScheme, viewport: { width: 1024, height: 800 } }, async (page) => {
          for (const [kind, path] of Object.entries(pages)) {
            await page.goto(server.url + path);
            // Opens folded sections, so that they are checked as well.
            await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
            found.push(...(await complaints(page)).map((line) => `${kind} ${path}: ${line}`));
          }
        });
        assert.deepEqual(found, []);
      });
    }
  });
}

for (const colorScheme of ['light', 'dark']) {
  it(`axe finds nothing on the dashboard in ${colorScheme}`, async () => {
    const server = await serve(faulty());
    try {
      await withPage(browser, { colorScheme, viewport: { width: 1024, height: 800 } }, async (page) => {
        for (const path of ['/', '/?q=good', '/?problems=2#problems']) {
          await page.goto(server.admin + path);
          await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
          assert.deepEqual(await complaints(page), [], path);
        }
      });
    } finally {
      await server.stop();
    }
  });
}

it('axe runs: it finds an image without alternative text and low contrast', async () => {
  await withPage(browser, {}, async (page) => {
    await page.setContent('<html lang="en"><title>x</title><main><h1>x</h1><img src="x.png"><p style="color:#999;background:#aaa">Grey</p></main>');
    const ids = (await complaints(page)).map((line) => line.split(':')[0]);
    assert.ok(ids.includes('image-alt') && ids.includes('color-contrast'), ids.join());
  });
});
