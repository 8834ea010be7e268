// Starts and stops a server with a folder, on a free port.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Serves `content` with the configuration in `feeds`, with `base` as base URL if it is given, so that URLs on pages
 * are the same in every run. If the server does not start, the promise is rejected with its log.
 */
export async function serve({ content, feeds, base }) {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FEEDMILL_')));
  const process_ = spawn(
    process.env.FEEDMILL_BINARY,
    ['--content', content, '--feeds', feeds, ...(base ? ['--base-url', base] : []), '--bind', '127.0.0.1:0', '--admin-bind', '127.0.0.1:0', '--watch', 'off', '--log', 'text'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: environment },
  );
  const log = [];
  let admin;
  const listening = new Promise((resolve, reject) => {
    createInterface({ input: process_.stderr }).on('line', (line) => {
      log.push(line);
      admin ??= /admin on (http:\/\/[0-9.]+:\d+)/.exec(line)?.[1];
      const found = /listening on (http:\/\/[0-9.]+:\d+)/.exec(line);
      if (found) resolve(found[1]);
    });
    process_.once('error', reject);
    process_.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${log.join('\n')}`)));
    setTimeout(() => reject(new Error(`the server never listened:\n${log.join('\n')}`)), 60_000).unref();
  });
  try {
    const url = await listening;
    return {
      url,
      admin,
      async stop() {
        if (process_.exitCode !== null) return;
        const ended = once(process_, 'exit');
        // No client polls any more, so the server need not drain.
        process_.kill('SIGKILL');
        await ended;
      },
    };
  } catch (error) {
    process_.kill('SIGKILL');
    throw error;
  }
}
