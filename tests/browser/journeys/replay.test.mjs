// The replay with two clocks: the same by buttons without JavaScript, by the sliders, and by the API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CORRECTED, WITHHELD, auditor, demo, guide, read } from '../api.mjs';
import { PAGE, launch, open, signIn } from '../browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const STATUSES = { due: 'Te doen', overdue: 'Te laat', kept: 'Nagekomen', 'kept-late': 'Te laat nagekomen', 'set-aside': 'Opzijgezet of vervallen' };

/** The rows of the state, as they are on the screen. */
const rows = window => window.$eval('#standing', section => {
  const names = [...section.querySelectorAll('dt')].map(name => name.textContent);
  return Object.fromEntries([...section.querySelectorAll('dd')].map((value, at) => [names[at], value.textContent.replace(/ anders dan nu bekend$/, '')]));
});
const standing = window => window.innerText('#standing');
const clocks = window => window.$eval('form.clocks', form => ({ days: form.dataset.days.split(' '), instants: form.dataset.instants.split(' ') }));

/** Numbers that look random and are the same in each run. */
function dice(seed) {
  let state = seed;
  return most => { state = (state * 48271) % 2147483647; return state % most; };
}

async function move(window, id, stop) {
  await window.$eval(`#${id}`, (slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }, String(stop));
}

test('a state of the replay equals what the API says of that day, at 50 random days and instants', async () => {
  const { window } = await open(browser, { javaScriptEnabled: false });
  await signIn(window, 'Karel');
  const [bearer, roll] = [await auditor(PAGE), dice(17)];
  for (let time = 0; time < 50; time += 1) {
    const id = demo(1 + roll(16));
    await window.goto(`/cases/${id}/replay`);
    const { days, instants } = await clocks(window);
    const [step, known] = [roll(days.length), roll(instants.length)];
    await window.goto(`/cases/${id}/replay?step=${step}&known=${known}`);
    const answer = await fetch(`${PAGE}/v1/trajectories/${id}/agreements?validOn=${days[step]}&knownAt=${instants[known]}`, { headers: { Authorization: `Bearer ${bearer}` } });
    if (answer.status === 404) continue; // Before the case was opened.
    const { agreements } = await answer.json();
    const started = agreements.flatMap(agreement => agreement.obligations).filter(one => one.startedOn);
    const shown = await rows(window);
    for (const [status, name] of Object.entries(STATUSES)) {
      const expected = started.filter(one => one.status === status).length;
      assert.equal(Number(shown[name]), expected, `${id} on ${days[step]}, known at ${instants[known]}: ${name}`);
    }
  }
});

test('the sliders show what the buttons show without JavaScript, with one request an instant', async () => {
  const [plain, live] = [await open(browser, { javaScriptEnabled: false }), await open(browser)];
  for (const { window } of [plain, live]) await signIn(window, 'Corine');
  await live.window.goto(`/cases/${CORRECTED}/replay`);
  const { days, instants } = await clocks(live.window);
  assert.ok(instants.length >= 3, `${instants.length} instants`);
  const roll = dice(4);
  live.requests.length = 0;
  for (let time = 0; time < 30; time += 1) {
    const [step, known] = [roll(days.length), roll(instants.length)];
    await move(live.window, 'step', step);
    await move(live.window, 'known', known);
    await plain.window.goto(`/cases/${CORRECTED}/replay?step=${step}&known=${known}`);
    await live.window.waitForFunction(expected => document.getElementById('standing').innerText === expected, await standing(plain.window), { timeout: 5000 })
      .catch(async () => assert.equal(await standing(live.window), await standing(plain.window), `${days[step]} ${instants[known]}`));
    assert.equal(await live.window.innerText('#steps'), await plain.window.innerText('#steps'));
  }
  assert.ok(live.requests.length <= instants.length - 1, `${live.requests.length} requests for ${instants.length} instants`);
  assert.deepEqual(live.complaints, []);
});

test('one instant of recording is one line of the access log', async () => {
  const { window } = await open(browser);
  await signIn(window, 'Corine');
  const bearer = await guide(PAGE);
  const lines = async () => {
    const { items } = await (await read(PAGE, bearer, `trajectories/${CORRECTED}/access-log?limit=500`)).json();
    return items.length;
  };
  await window.goto(`/cases/${CORRECTED}/replay`);
  const { days, instants } = await clocks(window);
  const before = await lines();
  await move(window, 'known', 0);
  await window.waitForFunction(() => document.getElementById('standing').innerText.length > 0);
  for (let step = 0; step < days.length; step += 1) await move(window, 'step', step);
  const own = 1; // Reading the log is a line itself.
  assert.ok(await lines() - before <= 1 + own, `${await lines() - before} lines`);
  assert.ok(instants.length > 1);
});

test('what is known otherwise now has a mark, and the correction its reason', async () => {
  const { window } = await open(browser, { javaScriptEnabled: false });
  await signIn(window, 'Corine');
  await window.goto(`/cases/${CORRECTED}/replay`);
  assert.match(await window.innerText('#steps'), /Verbeterd door feit \d+: De datum was verkeerd overgenomen\./);
  assert.ok(await window.locator('#steps del').count() >= 1);
  assert.doesNotMatch(await standing(window), /anders dan nu bekend/);
  const { days } = await clocks(window);
  await window.goto(`/cases/${CORRECTED}/replay?step=${days.indexOf('2025-02-19')}&known=0`);
  assert.match(await standing(window), /anders dan nu bekend/);
});

test('the clocks move by the keyboard alone and by the buttons without JavaScript', async () => {
  const live = await open(browser);
  await signIn(live.window, 'Karel');
  await live.window.goto(`/cases/${CORRECTED}/replay`);
  await live.window.focus('#step');
  const day = () => live.window.innerText('#day');
  const present = await day();
  await live.window.keyboard.press('ArrowLeft');
  assert.notEqual(await day(), present);
  await live.window.keyboard.press('End');
  assert.equal(await day(), present);

  const plain = await open(browser, { javaScriptEnabled: false });
  await signIn(plain.window, 'Karel');
  await plain.window.goto(`/cases/${CORRECTED}/replay`);
  await plain.window.getByRole('button', { name: 'Dag terug' }).click();
  assert.notEqual(await plain.window.innerText('#day'), present);
  await plain.window.getByRole('button', { name: 'Naar nu' }).click();
  assert.equal(await plain.window.innerText('#day'), present);
});

test('a withheld fact is one of a number at the end: no day, no place, no kind', async () => {
  const { window } = await open(browser, { javaScriptEnabled: false });
  await signIn(window, 'Karel');
  await window.goto(`/cases/${WITHHELD}/replay`);
  const { withheldFacts, items } = await (await read(PAGE, await auditor(PAGE), `trajectories/${WITHHELD}/replay?limit=500`)).json();
  assert.ok(withheldFacts.length > 1);
  assert.ok((await window.innerText('main')).includes(`${withheldFacts.length} feiten zijn niet voor u.`));
  assert.equal(await window.locator('#steps > li').count(), items.length);
});
