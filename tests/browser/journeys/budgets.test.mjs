// What a screen costs: requests, bytes on the wire, shifts of its layout.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { PAGE, launch, open, signIn } from '../browser.mjs';
import { GUIDES, SCREENS } from '../screens.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** The largest size of a screen, gzipped, in bytes. */
const LARGEST = { worklist: 15_000, case: 12_000, replay: 25_000, other: 15_000 };

test('a screen takes at most three requests, is small, and does not shift', async () => {
  const { window, requests } = await open(browser);
  let signedIn;
  await window.addInitScript(() => {
    globalThis.shifts = 0;
    new PerformanceObserver(list => { for (const { value } of list.getEntries()) globalThis.shifts += value; })
      .observe({ type: 'layout-shift', buffered: true });
  });
  const screens = [['Corine', GUIDES], ['Karel', SCREENS]];
  for (const [person, name, path] of screens.flatMap(([person, all]) => Object.entries(all).map(one => [person, ...one]))) {
    if (signedIn !== person) await signIn(window, person);
    signedIn = person;
    requests.length = 0;
    const answer = await window.goto(path, { waitUntil: 'load' });
    const asked = requests.filter(url => !url.startsWith('data:'));
    assert.ok(asked.length <= 3, `${name}: ${asked}`);
    assert.ok(asked.every(url => url.startsWith(PAGE)), `${name}: ${asked}`);
    const size = gzipSync(await answer.body()).length;
    const largest = LARGEST[Object.keys(LARGEST).find(kind => name.startsWith(kind)) ?? 'other'];
    assert.ok(size <= largest, `${name}: ${size} bytes, more than ${largest}`);
    assert.equal(await window.evaluate('globalThis.shifts'), 0, `${name} shifts`);
  }
});

test('the stylesheet and the scripts are small', async () => {
  const size = async path => gzipSync(Buffer.from(await (await fetch(PAGE + path)).arrayBuffer())).length;
  const style = await size('/assets/omklap.css');
  assert.ok(style <= 4_000, `the stylesheet has ${style} bytes`);
  for (const script of ['/assets/verify.js', '/assets/replay.js']) {
    const bytes = await size(script);
    assert.ok(bytes <= 8_000, `${script} has ${bytes} bytes`);
  }
});

test('no page can be framed, stored, or run what is not its own', async () => {
  for (const path of ['/', '/verify']) {
    const { headers } = await fetch(PAGE + path);
    assert.match(headers.get('content-security-policy'), /default-src 'none'; script-src 'self';.*frame-ancestors 'none'.*require-trusted-types-for 'script'/s);
    assert.equal(headers.get('cache-control'), 'no-store');
  }
});
