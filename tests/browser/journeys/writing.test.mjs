// Reporting a fact: refused with every rule and the fields kept, admitted, sent twice, from elsewhere.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { REPORTED, guide, read, report } from '../api.mjs';
import { PAGE, axe, launch, open, signIn } from '../browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const version = async () => (await (await read(PAGE, await guide(PAGE), `trajectories/${REPORTED}`)).json()).version;
const field = (window, name) => window.locator(`[id="/${name}"]`);
const press = (window, name) => Promise.all([window.waitForLoadState('load'), window.getByRole('button', { name, exact: true }).click()]);

/** The form of a kind of fact, as the guide sees it. */
async function form(kind, options = {}) {
  const opened = await open(browser, options);
  await signIn(opened.window, 'Corine');
  await opened.window.goto(`/cases/${REPORTED}/report/${kind}`);
  return opened;
}

for (const javaScriptEnabled of [true, false]) {
  test(`a fact is tried, recorded and seen in the case, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    const { window } = await form('signal-reported', { javaScriptEnabled });
    const before = await version();
    for (const select of await window.locator('main select').all()) {
      if (!await select.inputValue()) await select.selectOption({ index: 1 });
    }
    for (const text of await window.locator('main textarea').all()) await text.fill('De buurman hoort het licht zoemen.');
    await press(window, 'Eerst proberen');
    assert.equal(await version(), before, await window.innerText('main'));
    await press(window, 'Vastleggen');
    assert.equal(await version(), before + 1, await window.innerText('main'));
  });
}

test('a refused fact names every rule, keeps what was typed, and passes axe', async () => {
  const { window } = await form('contract-flipped');
  for (const date of await window.locator('main input[type=date]').all()) await date.fill('2026-11-27');
  for (const amount of await window.locator('main input[inputmode=decimal]').all()) await amount.fill('612,40');
  const typed = () => window.$$eval('main [name^="/"]', all => all.map(({ name, value }) => `${name} ${value}`));
  const before = [await version(), await typed()];
  assert.ok(before[1].length > 1, `${before[1]}`);
  await press(window, 'Vastleggen');
  assert.deepEqual([await version(), await typed()], before);
  assert.doesNotMatch(await window.innerText('main'), /[a-z]+-[a-z]+-[a-z]+-[a-z]+/);
  assert.ok((await window.innerText('main')).length > 200);
  assert.deepEqual(await axe(window), []);
});

test('a form without its fields says which, at the field and on top, and passes axe', async () => {
  const { window } = await form('neighbours-met');
  await press(window, 'Vastleggen');
  const wrong = window.locator('[aria-invalid="true"]');
  assert.ok(await wrong.count() >= 1, await window.innerText('main'));
  for (const one of await wrong.all()) {
    const described = await one.getAttribute('aria-describedby');
    assert.ok((await window.locator(`[id="${described.split(' ')[0]}"]`).innerText()).length > 0);
  }
  assert.deepEqual(await axe(window), []);
});

test('a form that is sent twice records one fact', async () => {
  const { context, window } = await form('neighbours-met');
  const before = await version();
  await field(window, 'how').selectOption('alone');
  const sent = await window.$eval('main form', one => [...new FormData(one)].map(([name, value]) => [name, String(value)]));
  const body = new URLSearchParams([...sent, ['do', 'record']]).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: PAGE, 'Sec-Fetch-Site': 'same-origin' };
  const post = () => context.request.post(`/cases/${REPORTED}/report/neighbours-met`, { headers, data: body, maxRedirects: 0 });
  await Promise.all([post(), post()]);
  await post();
  assert.equal(await version(), before + 1);
});

test('what came meanwhile is said, and what was typed stays', async () => {
  const { window } = await form('neighbours-met');
  await field(window, 'how').selectOption('with-guide');
  await report(PAGE, await guide(PAGE), REPORTED, { type: 'neighbours-met', occurredOn: '2026-11-20', how: 'alone' });
  const before = await version();
  await press(window, 'Vastleggen');
  assert.equal(await version(), before);
  assert.equal(await field(window, 'how').inputValue(), 'with-guide');
  assert.deepEqual(await axe(window), []);
});

test('a fact that another site sends is not recorded', async () => {
  const { context } = await form('neighbours-met');
  const before = await version();
  const answer = await context.request.post(`/cases/${REPORTED}/report/neighbours-met`, {
    form: { '/occurredOn': '2026-11-20', '/how': 'alone', do: 'record' }, headers: { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' },
  });
  assert.equal(answer.status(), 403);
  assert.equal(await version(), before);
});
