// axe with no rule off on every screen: wide, at 320 px, with text twice as large, in forced colours.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, inEnglish, isWide, launch, open, signIn } from '../browser.mjs';
import { ERRORS, GUIDES, OPEN, SCREENS } from '../screens.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

async function look(window, screens) {
  const found = [];
  for (const [name, path] of Object.entries(screens)) {
    await window.goto(path);
    found.push(...(await axe(window)).map(one => `${name}: ${one}`));
    if (await isWide(window)) found.push(`${name}: scrolls sideways`);
  }
  return found;
}

const WAYS = {
  'a wide window': {},
  '320 px': { viewport: { width: 320, height: 640 } },
  'forced colours': { forcedColors: 'active' },
};

for (const [way, options] of Object.entries(WAYS)) {
  test(`no screen breaks a rule of accessibility in ${way}`, async () => {
    const { window, complaints } = await open(browser, options);
    assert.deepEqual(await look(window, OPEN), []);
    await signIn(window, 'Corine');
    assert.deepEqual(await look(window, GUIDES), []);
    await signIn(window, 'Karel');
    complaints.length = 0;
    assert.deepEqual(await look(window, SCREENS), []);
    assert.deepEqual(complaints, []);
    // The browser writes a line for each of these answers; the page itself must break no rule.
    assert.deepEqual(await look(window, ERRORS), []);
  });
}

test('no screen breaks a rule of accessibility with text twice as large, in English', async () => {
  const { context, window } = await open(browser, { viewport: { width: 640, height: 800 } });
  await inEnglish(context);
  await signIn(window, 'Karel');
  const found = [];
  for (const [name, path] of Object.entries({ ...SCREENS, ...ERRORS })) {
    await window.goto(path);
    await window.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    found.push(...(await axe(window)).map(one => `${name}: ${one}`));
    if (await isWide(window)) found.push(`${name}: scrolls sideways`);
  }
  assert.deepEqual(found, []);
});

test('a person without cases gets words on every screen instead of an empty table', async () => {
  const { window } = await open(browser);
  await signIn(window, 'Corine');
  for (const path of ['/worklist', '/cases', '/figures']) {
    await window.goto(path);
    assert.equal(await window.locator('tbody:empty, ul:empty, ol:empty').count(), 0, path);
    assert.deepEqual(await axe(window), [], path);
  }
});
