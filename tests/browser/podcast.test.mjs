// An episode of a podcast, played from the URL of its enclosure.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { opened, withPage } from './browser.mjs';
import { podcast } from './sites.mjs';

const open = opened(podcast);

it('an mp3 beside an article plays in a browser from its enclosure, with ranges', async () => {
  const { browser, server } = open;
  const rss = await (await fetch(`${server.url}/rss.xml`)).text();
  const [, url, length] = /<enclosure url="([^"]+)" length="(\d+)" type="audio\/mpeg"/.exec(rss);
  const [, announced] = /<itunes:duration>(\d+)</.exec(rss);
  await withPage(browser, {}, async (page) => {
    const answers = [];
    page.on('response', (answer) => answers.push(answer));
    await page.setContent(`<audio id="player" muted src="${url}"></audio>`);
    const heard = await page.evaluate(async () => {
      const player = document.querySelector('#player');
      const once = (name) =>
        new Promise((resolve, reject) => {
          player.addEventListener(name, resolve, { once: true });
          player.addEventListener('error', () => reject(new Error(player.error.message)), { once: true });
        });
      if (player.readyState < HTMLMediaElement.HAVE_METADATA) await once('loadedmetadata');
      const sought = once('seeked');
      player.currentTime = player.duration / 2;
      await sought;
      const moved = once('timeupdate');
      await player.play();
      await moved;
      return { duration: player.duration, time: player.currentTime };
    });
    assert.ok(Math.abs(heard.duration - announced) <= 1, `${heard.duration} s, announced as ${announced}`);
    assert.ok(heard.time >= heard.duration / 2, `at ${heard.time} of ${heard.duration} s`);
    const partial = answers.filter((answer) => answer.url() === url);
    assert.ok(partial.length > 0 && partial.every((answer) => answer.status() === 206), `${partial.map((answer) => answer.status())}`);
    assert.ok(partial.every((answer) => answer.headers()['content-range'].endsWith(`/${length}`)));
  });
});
