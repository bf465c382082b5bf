// Starts a server with the demo, prepares what the journeys look at, runs them, and ends the server.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { environment, freePort } from './server.mjs';

const what = process.argv[2];
const data = mkdtempSync(join(tmpdir(), 'omklap-browser-'));

const settings = { ...environment, OMKLAP_DATA: data };

const port = await freePort();
const page = `http://127.0.0.1:${port}`;
const server = spawn(process.env.OMKLAP, ['serve', '--demo', '--listen', `127.0.0.1:${port}`], { env: settings });
let log = '';
server.stderr.on('data', text => { log += text; });
server.stdout.on('data', text => { log += text; });
const ended = new Promise(resolve => { server.on('exit', resolve); });

/** Until the demo has been reported: the server says so when it is ready to be looked at. */
async function ready() {
  const until = Date.now() + 300_000;
  while (!/More to try/.test(log)) {
    if (server.exitCode !== null || Date.now() > until) throw new Error(`the server did not start:\n${log}`);
    await new Promise(resolve => { setTimeout(resolve, 100); });
  }
}

// The server ends with this script.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.kill('SIGINT'));

let failed = 1;
try {
  await ready();
  await prepare(page, (...words) => spawnSync(process.env.OMKLAP, words, { env: settings, encoding: 'utf8' }));
  const tests = what === 'journeys' ? 'journeys/' : `journeys/${what}.test.mjs`;
  const files = what === 'pictures' ? ['pictures.mjs'] : ['--test', '--test-concurrency=1', tests];
  const journeys = spawn(process.execPath, files, {
    env: { ...process.env, PAGE: page, OMKLAP_DATA: data }, stdio: 'inherit',
  });
  failed = await new Promise(resolve => { journeys.on('exit', resolve); });
} catch (error) {
  console.error(error);
} finally {
  server.kill('SIGINT');
  await ended;
  // As root, the private PostgreSQL has its files outside this folder.
  spawnSync(process.env.OMKLAP, ['clean-data'], { env: settings });
  rmSync(data, { recursive: true, force: true });
}
process.exit(failed ?? 1);
