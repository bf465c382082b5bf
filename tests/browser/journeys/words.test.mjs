// Dutch and English, and never a code of the API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CORRECTED } from '../api.mjs';
import { inEnglish, launch, open, signIn } from '../browser.mjs';
import { ERRORS, GUIDES, OPEN, SCREENS } from '../screens.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** The codes of the published API: everything in kebab-case in an `enum` of its document. */
async function codes() {
  const document = await (await fetch(`${process.env.PAGE}/v1/openapi.json`)).json();
  const found = new Set();
  const walk = value => {
    if (value === null || typeof value !== 'object') return;
    for (const code of Array.isArray(value.enum) ? value.enum : [value.const]) {
      if (typeof code === 'string' && /^[a-z]+(-[a-z0-9]+)+$/.test(code)) found.add(code);
    }
    Object.values(value).forEach(walk);
  };
  walk(document);
  return found;
}

/** Words with a dash that are words of the language as well. */
const WORDS = new Set(['follow-up', 'three-party']);

for (const [language, choose] of [['nl', () => null], ['en', inEnglish]]) {
  test(`no code of the API is seen on a screen in ${language}`, async () => {
    const known = await codes();
    assert.ok(known.size > 100, `${known.size} codes`);
    const { context, window } = await open(browser);
    await choose(context);
    let signedIn;
    const looks = [['Corine', { ...OPEN, ...GUIDES }], ['Karel', { ...SCREENS, ...ERRORS }]];
    for (const [person, name, path] of looks.flatMap(([person, all]) => Object.entries(all).map(one => [person, ...one]))) {
      if (signedIn !== person) await signIn(window, person);
      signedIn = person;
      await window.goto(path);
      assert.equal(await window.getAttribute('html', 'lang'), language, name);
      // What people wrote, and the pseudonyms of people, are in a `bdi`: they are no words of the page.
      const text = await window.$eval('body', body => {
        body.querySelectorAll('bdi').forEach(one => one.remove());
        return body.innerText;
      });
      const seen = (text.match(/[a-z]+(?:-[a-z0-9]+)+/g) ?? []).filter(word => known.has(word) && !(language === 'en' && WORDS.has(word)));
      assert.deepEqual([...new Set(seen)], [], name);
    }
  });
}

test('no address and no title has a name of a person', async () => {
  const { window } = await open(browser);
  await signIn(window, 'Corine');
  await window.goto(`/cases/${CORRECTED}`);
  const names = await window.locator('h1 bdi').allInnerTexts();
  assert.ok(names.length > 0 && names.every(name => name.length > 2), `${names}`);
  for (const path of ['/worklist', '/cases', `/cases/${CORRECTED}`, `/cases/${CORRECTED}/replay`]) {
    await window.goto(path);
    const seen = (await window.title()) + window.url() + (await window.locator('[href]').evaluateAll(all => all.map(one => one.href).join()));
    for (const name of names) assert.ok(!seen.includes(name), `${name} on ${path}`);
  }
});

test('the other language stays on the same screen', async () => {
  const { window } = await open(browser);
  await signIn(window, 'Karel');
  await window.goto('/figures/amsterdam?year=2024');
  await window.getByRole('button', { name: 'English' }).click();
  await window.waitForLoadState();
  assert.equal(await window.getAttribute('html', 'lang'), 'en');
  assert.match(window.url(), /\/figures\/amsterdam\?year=2024$/);
});
