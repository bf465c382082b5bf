// The tour of docs/PAGE.md, step by step: what a newcomer clicks, and what then stands there.

import assert from 'node:assert/strict';
import { WITHHELD, auditor, read } from './api.mjs';
import { PAGE, signIn } from './browser.mjs';

/** The case of the tour: the client's of the start page. */
const CASE = `/cases/${WITHHELD}`;
const OBSERVATION = 'De buurvrouw hoort nooit meer iemand thuiskomen.';
const ANSWER = 'Naima gaat morgen langs.';

const button = (window, name) => window.getByRole('button', { name, exact: true });
const press = (window, name, leadsTo) => Promise.all([window.waitForURL(leadsTo, { waitUntil: 'load' }), button(window, name).click()]);
/** The address of the case after a fact was recorded. */
const RECORDED = /\/cases\/[0-9a-f-]+(\?|$)/;
const days = ago => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

/**
 * Walks the tour in one window. `seen(name)` is called at each stop with what the stop is called.
 * Returns what was recorded and verified on the way.
 */
export async function tour(window, seen) {
  await window.goto('/');
  await seen('start');
  await signIn(window, 'Naima');
  await seen('worklist');
  await window.goto(CASE);
  await seen('case');
  const signal = await reportsASignal(window, seen);
  await answersIt(window, signal, seen);
  await movesBothClocks(window, seen);
  return verifies(window, seen);
}

/** A signal of the day after tomorrow is refused; of yesterday it is recorded. Returns its id. */
async function reportsASignal(window, seen) {
  await window.goto(`${CASE}/report/signal-reported`);
  for (const select of await window.locator('main select').all()) {
    if (!await select.inputValue()) await select.selectOption({ index: 1 });
  }
  await window.fill('[id="/observation"]', OBSERVATION);
  await window.fill('[id="/occurredOn"]', days(-2));
  await window.selectOption('[id="/asked"]', 'care-provider');
  await window.selectOption('[id="/asksForGuidance"]', 'true');
  const id = await window.inputValue('[name="/signalId"]');
  await button(window, 'Vastleggen').click();
  await window.waitForSelector('#outcome.refused, [aria-invalid="true"]');
  assert.match(await window.innerText('main'), /toekomst/);
  await seen('refused');
  await window.fill('[id="/occurredOn"]', days(1));
  await button(window, 'Eerst proberen').click();
  await window.getByText('Dit kan worden vastgelegd').waitFor();
  await seen('tried');
  await press(window, 'Vastleggen', RECORDED);
  await seen('recorded');
  return id;
}

/** The worklist asks for an answer, its button opens the form, and then the worklist asks no more. */
async function answersIt(window, signal, seen) {
  await window.goto('/worklist');
  const asked = window.locator(`a[href*="/report/signal-answered"][href*="${signal}"]`);
  await Promise.all([window.waitForURL(/signal-answered/), asked.first().click()]);
  await window.fill('[id="/answer"]', ANSWER);
  await seen('answer');
  await press(window, 'Vastleggen', RECORDED);
  await seen('admitted');
  await window.goto('/worklist');
  assert.equal(await asked.count(), 0);
}

/** Back to the day of the signal, as it is known now, and as it was before the signal was recorded. */
async function movesBothClocks(window, seen) {
  await window.goto(`${CASE}/replay`);
  const day = (await window.getAttribute('form.clocks', 'data-days')).split(' ').indexOf(days(1));
  await window.goto(`${CASE}/replay?step=${day}`);
  const now = await window.innerText('main');
  await window.goto(`${CASE}/replay?step=${day}&known=0`);
  assert.notEqual(await window.innerText('main'), now);
  assert.match(await window.innerText('main'), /anders dan nu bekend/i);
  await seen('replay');
}

/** The auditor keeps the case as a file, and the browser verifies it. Returns the verdict. */
async function verifies(window, seen) {
  await signIn(window, 'Karel');
  await window.goto(`${CASE}/replay`);
  const file = await (await window.request.get(`${CASE}/file`)).body();
  await window.goto('/verify');
  await window.setInputFiles('#file', { name: 'case.json', mimeType: 'application/json', buffer: file });
  const { publicKeys } = await (await read(PAGE, await auditor(PAGE), 'ledger/keys')).json();
  await window.fill('#keys', publicKeys.join('\n'));
  await button(window, 'Controleren').click();
  await window.waitForSelector('#verdict h2');
  await seen('verdict');
  return window.innerText('#verdict');
}
