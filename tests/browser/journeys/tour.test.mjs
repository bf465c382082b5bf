// A newcomer's first quarter of an hour, as docs/PAGE.md describes it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, launch, open } from '../browser.mjs';
import { tour } from '../tour.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('a newcomer reports a signal, sees it refused and admitted, answers it, moves both clocks and verifies the file', async () => {
  const { window, complaints } = await open(browser, { reducedMotion: 'reduce' });
  const stops = [];
  const verdict = await tour(window, async stop => {
    stops.push(stop);
    assert.deepEqual(await axe(window), [], stop);
  });
  assert.equal(stops.length, 10);
  assert.match(verdict, /^Zoals vastgelegd\n/);
  // Chromium notes the refusal itself.
  assert.deepEqual(complaints.filter(one => !/409 \(Conflict\)/.test(one)), []);
});
