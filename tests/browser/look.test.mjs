// The layout of pages. Takes screenshots of every kind of page at three widths, in light and dark mode, in
// English and Chinese, for people to look at, and checks what a program can check: nothing is wider than the
// window, nothing is cut off, nothing shifts.
//
// The tests failed when these bugs were planted in what is served: images of entries without sizes and
// without an aspect ratio in the style sheet; lead images of unknown size without reserved space; summaries
// four times as long.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { capture, kinds, launch, place, styled, withPage } from './browser.mjs';
import { serve } from './test_server.mjs';
import { arabic, chinese, english, faulty, hard, languages, LATE, many, pictures as drawn } from './sites.mjs';

const pictures = join(place, 'screenshots');
const HEIGHTS = { 320: 640, 390: 844, 1024: 768, 1920: 1080 };
// Screenshots show URLs as readers will see them, and are equal in every run.
const base = 'https://feeds.example.org';

let browser;
before(async () => {
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  browser = await launch();
});
after(() => browser.close());

async function withSite(site, work) {
  const server = await serve({ ...site(), base });
  try {
    await work(server, await kinds(server));
  } finally {
    await server.stop();
  }
}

const viewport = (width) => ({ width, height: HEIGHTS[width] });

/** Returns the elements that are wider than the window, or cut off by their box. */
const overflowing = () => {
  const found = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide in a window of ${clientWidth}`);
  for (const element of document.body?.querySelectorAll('*') ?? []) {
    const style = getComputedStyle(element);
    // Summaries end with an ellipsis after three lines, URLs in styled feeds after one.
    const shortens = style.webkitLineClamp !== 'none' || style.textOverflow === 'ellipsis';
    // Images may be shown in part; tables have their own scroll bars.
    if (style.overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1 && !shortens && element.localName !== 'img') found.push(`cut off: ${element.outerHTML.slice(0, 160)}`);
    const { right, left, width } = element.getBoundingClientRect();
    if (width > 1 && (right > clientWidth + 1 || left < -1) && !element.closest('.body table, .skip')) found.push(`from ${left} to ${right} of ${clientWidth}: ${element.outerHTML.slice(0, 160)}`);
  }
  return found;
};

for (const [name, site] of Object.entries({ english, chinese })) {
  it(`every kind of page of the ${name} site has a screenshot`, async () => {
    await withSite(site, async (server, pages) => {
      for (const width of [390, 1024, 1920]) {
        for (const colorScheme of ['light', 'dark']) {
          await withPage(browser, { colorScheme, viewport: viewport(width), locale: name === 'chinese' ? 'zh-CN' : 'en' }, async (page) => {
            for (const [kind, path] of Object.entries({ ...pages, ...styled })) {
              await page.goto(server.url + path, { waitUntil: 'load' });
              assert.deepEqual(await page.evaluate(overflowing), [], `${kind} at ${width}`);
              writeFileSync(join(pictures, `${name}-${kind}-${width}-${colorScheme}.png`), await capture(page));
            }
          });
        }
      }
    });
  });
}

for (const [name, site] of Object.entries({ english, hard, arabic })) {
  it(`nothing of the ${name} site is wider than a small phone, unfolded or not`, async () => {
    await withSite(site, async (server, pages) => {
      const all = { ...pages, ...styled };
      if (name === 'hard') for (const article of ['wide', 'unblank', 'arabic', 'long-cjk', 'missing', 'late']) all[article] = `/articles/${article}/`;
      for (const width of [320, 390]) {
        await withPage(browser, { viewport: viewport(width) }, async (page) => {
          for (const [kind, path] of Object.entries(all)) {
            await page.goto(server.url + path, { waitUntil: 'load' });
            assert.deepEqual(await page.evaluate(overflowing), [], `${kind} at ${width}`);
            await page.evaluate(() => document.querySelectorAll('details').forEach((details) => details.setAttribute('open', '')));
            assert.deepEqual(await page.evaluate(overflowing), [], `${kind} at ${width}, unfolded`);
            if (width === 390) writeFileSync(join(pictures, `${name}-${kind}-unfolded.png`), await capture(page));
          }
        });
      }
    });
  });
}

it('the dashboard of a site with two hundred problems fits every window', async () => {
  const server = await serve(faulty());
  try {
    for (const width of [390, 1024, 1920]) {
      for (const colorScheme of ['light', 'dark']) {
        await withPage(browser, { colorScheme, viewport: viewport(width) }, async (page) => {
          await page.goto(`${server.admin}/`, { waitUntil: 'load' });
          const { scrollWidth, clientWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }));
          assert.ok(scrollWidth <= clientWidth, `${scrollWidth} wide in a window of ${clientWidth}`);
          writeFileSync(join(pictures, `dashboard-${width}-${colorScheme}.png`), await capture(page));
        });
      }
    }
  } finally {
    await server.stop();
  }
});

it('content that is too wide or cut off is found', async () => {
  await withPage(browser, { viewport: viewport(390) }, async (page) => {
    await page.setContent('<main><p style="width:500px">x</p></main>');
    assert.equal((await page.evaluate(overflowing)).length, 2);
    await page.setContent('<p style="width:90px;overflow:hidden;white-space:nowrap">as long as a sentence that says something</p>');
    assert.equal((await page.evaluate(overflowing)).length, 1);
  });
});

it('images that load late, or never, shift nothing', async () => {
  await withSite(hard, async (server, pages) => {
    // As tall as the page, because layout shifts outside the window do not count.
    await withPage(browser, { viewport: { width: 390, height: 9000 } }, async (page) => {
      await page.addInitScript(() => {
        globalThis.moved = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => (globalThis.moved += entry.value))).observe({ type: 'layout-shift', buffered: true });
      });
      let late = 0;
      const soon = () => new Promise((resolve) => setTimeout(resolve, 300));
      await page.route('**/media/**', async (route) => {
        late++;
        await soon();
        await route.continue();
      });
      await page.route(LATE, async (route) => {
        late++;
        await soon();
        await route.fulfill({ path: join(drawn, 'mill-wheel.jpg') });
      });
      for (const path of [pages.feed, '/articles/missing/', '/articles/late/', '/articles/podcast/']) {
        await page.goto(server.url + path, { waitUntil: 'load' });
        await page.waitForFunction(() => [...document.images].every((image) => image.complete));
        // The shift that the last image causes is reported with the next frames.
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 100)))));
        assert.equal(await page.evaluate(() => globalThis.moved), 0, path);
      }
      assert.ok(late >= 5, `only ${late} pictures came late`);
    });
  });
});

it('a layout shift is found: an image without reserved space', async () => {
  await withPage(browser, { viewport: { width: 390, height: 2000 } }, async (page) => {
    await page.route(LATE, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.fulfill({ path: join(drawn, 'mill-wheel.jpg') });
    });
    await page.setContent(`<p>Above.</p><img src="${LATE}"><p>${'Below. '.repeat(200)}</p>`, { waitUntil: 'load' });
    const moved = await page.evaluate(() => new Promise((resolve) => {
      new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0))).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => resolve(0), 5000);
    }));
    assert.ok(moved > 0.01, `${moved}`);
  });
});

it('images in a list are lazy, have sizes, and are labelled by their titles', async () => {
  await withSite(english, async (server, pages) => {
    await withPage(browser, {}, async (page) => {
      await page.goto(server.url + pages.feed);
      const images = await page.locator('.entries img').evaluateAll((all) => all.map(({ loading, width, height, alt }) => ({ loading, sized: width > 0 && height > 0, alt })));
      assert.ok(images.length > 3);
      for (const image of images) assert.deepEqual(image, { loading: 'lazy', sized: true, alt: '' });
    });
  });
});

it('in print there is black text, and no controls', async () => {
  await withSite(english, async (server, pages) => {
    await withPage(browser, { colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      for (const kind of ['article', 'category', 'home']) {
        await page.goto(server.url + pages[kind]);
        const [ink, ground] = await page.evaluate(() => [document.body, document.documentElement].map((element, n) => getComputedStyle(element)[n ? 'backgroundColor' : 'color']));
        assert.equal(ink, 'rgb(0, 0, 0)');
        assert.equal(ground, 'rgb(255, 255, 255)');
        for (const useless of ['.subscribe', '.jump', '.skip', '.everything', '.top nav']) {
          for (const element of await page.locator(useless).all()) assert.ok(!(await element.isVisible()), `${kind}: ${useless}`);
        }
        assert.ok(await page.locator('h1').isVisible());
        await page.pdf({ path: join(pictures, `english-${kind}.pdf`), format: 'A4' });
      }
    });
  });
});

it('every page of a site with five thousand feeds has at most sixty thousand bytes', async () => {
  await withSite(many, async (server, pages) => {
    const { feeds } = await (await fetch(`${server.url}/feeds.json`)).json();
    assert.ok(feeds.length >= 5000, `${feeds.length} feeds`);
    const size = async (path) => (await (await fetch(server.url + path)).arrayBuffer()).byteLength;
    assert.ok((await size('/')) <= 60_000, `/: ${await size('/')}`);
    const heavy = '/categories/subject-7/';
    const thirty = await (await fetch(server.url + heavy)).text();
    assert.equal(thirty.match(/<article/g).length, 30);
    // Long summaries, images and four categories each, so that the page is not small by accident.
    assert.ok(thirty.length > 15_000, `${thirty.length} characters`);
    assert.ok((await size(heavy)) <= 60_000, `${heavy}: ${await size(heavy)}`);
    for (const list of ['/page/2/', '/categories/', '/categories/page/2/', '/tags/', '/authors/', '/categories/subject-1/page/3/']) {
      assert.ok((await size(list)) <= 60_000, `${list}: ${await size(list)}`);
    }
    await withPage(browser, { viewport: viewport(1024) }, async (page) => {
      for (const kind of ['home', 'older', 'categories', 'category', 'tags']) {
        await page.goto(server.url + pages[kind]);
        assert.deepEqual(await page.evaluate(overflowing), [], kind);
        writeFileSync(join(pictures, `many-${kind}-1024-light.png`), await capture(page));
      }
    });
  });
});

for (const language of Object.keys(languages)) {
  it(`the pages in ${language} have screenshots`, async () => {
    await withSite(() => arabic(language), async (server, pages) => {
      await withPage(browser, { viewport: viewport(390), locale: language }, async (page) => {
        for (const [kind, path] of Object.entries({ home: pages.home, category: pages.category, rss: styled.rss })) {
          await page.goto(server.url + path, { waitUntil: 'load' });
          assert.deepEqual(await page.evaluate(overflowing), [], kind);
          writeFileSync(join(pictures, `language-${language}-${kind}-390-light.png`), await capture(page));
        }
      });
    });
  });
}

it('the two screenshots of the README', async () => {
  await withSite(english, async (server) => {
    const shots = [
      // Heights at which no line is cut.
      ['catalogue', '/', 'light', 940],
      ['feed', '/categories/ke-xue/', 'dark', 800],
    ];
    for (const [name, path, colorScheme, height] of shots) {
      await withPage(browser, { colorScheme, viewport: { width: 1200, height } }, async (page) => {
        await page.goto(server.url + path, { waitUntil: 'networkidle' });
        writeFileSync(join(pictures, `readme-${name}.png`), await capture(page));
      });
    }
  });
});
