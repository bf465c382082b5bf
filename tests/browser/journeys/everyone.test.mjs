// What holds for every screen: without JavaScript, by the keyboard alone, on paper.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CORRECTED } from '../api.mjs';
import { PAGE, launch, open, signIn } from '../browser.mjs';
import { SCREENS } from '../screens.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('every screen says the same without JavaScript', async () => {
  const [plain, live] = [await open(browser, { javaScriptEnabled: false }), await open(browser)];
  for (const { window } of [plain, live]) await signIn(window, 'Karel');
  for (const [name, path] of Object.entries(SCREENS).filter(([name]) => name !== 'verify')) {
    const said = [];
    for (const { window } of [plain, live]) {
      await window.goto(path);
      said.push((await window.innerText('main')).replace('Toon deze stand', '').replace(/\s+/g, ' '));
    }
    assert.equal(said[0], said[1], name);
  }
  await plain.window.goto('/verify');
  assert.match(await plain.window.innerText('main'), /heeft JavaScript nodig.*omklap-verify/s);
});

test('everything that can be clicked is reached by the keyboard, and shows that it is', async () => {
  const { window } = await open(browser);
  await signIn(window, 'Karel');
  for (const [name, path] of Object.entries(SCREENS).filter(([name]) => !/worklist|cases/.test(name))) {
    await window.goto(path);
    await window.evaluate(() => document.activeElement?.blur());
    const expected = await window.$$eval('a[href], button, input, select, textarea, summary', all => all.filter(one => !one.disabled && one.checkVisibility()).length);
    const reached = new Set();
    for (let press = 0; press < expected + 40; press += 1) {
      await window.keyboard.press('Tab');
      const at = await window.evaluate(() => {
        const one = document.activeElement;
        if (!one || one === document.body) return null;
        const visible = getComputedStyle(one).outlineStyle !== 'none';
        return one.matches('a, button, input, select, textarea, summary') ? [[...document.querySelectorAll('*')].indexOf(one), visible] : null;
      });
      if (!at) continue;
      assert.ok(at[1], `${name}: focus is not seen`);
      reached.add(at[0]);
    }
    assert.equal(reached.size, expected, name);
  }
});

test('a person signs in, goes to a case and back, by the keyboard alone', async () => {
  const { window } = await open(browser);
  await window.goto('/');
  const press = async (role, name) => {
    for (let times = 0; times < 200; times += 1) {
      await window.keyboard.press('Tab');
      const [tag, text] = await window.evaluate(() => [document.activeElement.tagName, document.activeElement.innerText]);
      if (tag === role && name.test(text)) { await Promise.all([window.waitForLoadState('load'), window.keyboard.press('Enter')]); return; }
    }
    assert.fail(`${name} was not reached`);
  };
  await press('BUTTON', /^Karel$/);
  await window.waitForURL(/worklist/);
  await press('A', /^Trajecten$/);
  await window.waitForURL(/cases$/);
  await press('A', /./);
});

test('an address that is no page says so on a page, and to a program as a problem', async () => {
  const { window } = await open(browser);
  for (const path of ['/forecast', '/figures/amsterdam/none', '/sign-in', '/%00']) {
    const shown = await window.goto(path);
    assert.ok([404, 405].includes(shown.status()), `${path}: ${shown.status()}`);
    assert.equal(await window.innerText('h1'), 'Deze bladzijde is er niet', path);
    assert.equal(await window.getAttribute('main a', 'href'), '/', path);
    const problem = await fetch(new URL(path, PAGE));
    assert.ok([404, 405].includes(problem.status), path);
  }
  const problem = await fetch(new URL('/forecast', PAGE));
  assert.equal(problem.headers.get('Content-Type'), 'application/problem+json');
  // The API answers a browser as it answers a program.
  const api = await window.goto('/v1/forecast');
  assert.equal(api.headers()['content-type'], 'application/problem+json');
});

test('every screen prints, without its menu and its clocks', async () => {
  const { window } = await open(browser);
  await signIn(window, 'Corine');
  for (const path of ['/worklist', `/cases/${CORRECTED}`, `/cases/${CORRECTED}/replay`, '/figures/assen']) {
    await window.goto(path);
    assert.equal((await window.pdf({ format: 'A4' })).subarray(0, 5).toString(), '%PDF-', path);
    await window.emulateMedia({ media: 'print' });
    assert.equal(await window.locator('nav').isVisible(), false, path);
    assert.equal(await window.locator('form.clocks:visible').count(), 0, path);
    await window.emulateMedia({ media: 'screen' });
  }
});

test('a form that another site sends does nothing', async () => {
  const { context, window } = await open(browser);
  await signIn(window, 'Karel');
  const sent = await context.request.post('/sign-out', { headers: { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' } });
  assert.equal(sent.status(), 403);
  await window.goto('/cases');
  assert.match(window.url(), /cases$/);
});

test('a cookie of another server, or one that is over, leads to the start', async () => {
  const { context, window } = await open(browser);
  await context.addCookies([{ name: 'omklap', value: 'x'.repeat(43), url: PAGE }]);
  for (const path of Object.values(SCREENS).filter(path => path !== '/verify')) {
    await window.goto(path);
    assert.equal(new URL(window.url()).pathname, '/', path);
  }
});
