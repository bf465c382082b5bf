// People who work beside each other, sign in after each other, have long names, or whose case is
// erased while it is open.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { REPORTED, guide, read, report } from '../api.mjs';
import { PAGE, axe, isWide, launch, open, signIn } from '../browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const press = (window, name) => Promise.all([window.waitForLoadState('load'), window.getByRole('button', { name, exact: true }).click()]);
const version = async id => (await (await read(PAGE, await guide(PAGE), `trajectories/${id}`)).json()).version;
const how = window => window.locator('[id="/how"]');

/** The settings of the server under test, without those of this shell. */
const settings = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^OMKLAP_(?!DATA|POSTGRES_BIN)/.test(name)));

/** A new case of the guide's organisation, with a client of this name. */
async function intake(clientName) {
  const bearer = await guide(PAGE);
  const fact = {
    type: 'intake-registered', occurredOn: '2026-11-02', clientName, clientContact: '06 00 00 00 00', origin: 'group-home', careStartedOn: '2020-01-06',
    careProvider: 'cosis', municipality: 'gemeente-assen', region: 'assen', agreementSet: { id: 'groningen', version: 1 },
  };
  const headers = { Authorization: `Bearer ${bearer}`, 'Idempotency-Key': crypto.randomUUID(), 'Content-Type': 'application/json' };
  const answer = await fetch(`${PAGE}/v1/trajectories`, { method: 'POST', headers, body: JSON.stringify(fact) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()).trajectoryId;
}

test('two people report in one case, and the second sees first what the other recorded', async () => {
  const [guides, theirs] = [await open(browser), await open(browser)];
  await signIn(guides.window, 'Corine');
  await signIn(theirs.window, 'Wiebe');
  const seen = await version(REPORTED);
  await guides.window.goto(`/cases/${REPORTED}/report/neighbours-met`);
  await theirs.window.goto(`/cases/${REPORTED}/report/signal-reported`);
  await how(guides.window).selectOption('alone');
  await press(guides.window, 'Vastleggen');
  assert.equal(await version(REPORTED), seen + 1);
  const observation = theirs.window.locator('[id="/observation"]');
  await observation.fill('De buren zijn blij met de kennismaking.');
  for (const select of await theirs.window.locator('main select').all()) {
    if (!await select.inputValue()) await select.selectOption({ index: 1 });
  }
  await press(theirs.window, 'Vastleggen');
  assert.equal(await version(REPORTED), seen + 1, await theirs.window.innerText('main'));
  assert.equal(await observation.inputValue(), 'De buren zijn blij met de kennismaking.');
  await press(theirs.window, 'Vastleggen');
  assert.equal(await version(REPORTED), seen + 2, await theirs.window.innerText('main'));
});

test('a form of one person is not recorded by the next who signs in, in another tab', async () => {
  const { context, window } = await open(browser);
  await signIn(window, 'Corine');
  await window.goto(`/cases/${REPORTED}/report/neighbours-met`);
  await how(window).selectOption('alone');
  await signIn(await context.newPage(), 'Wiebe');
  const seen = await version(REPORTED);
  await press(window, 'Vastleggen');
  assert.match(await window.innerText('#outcome'), /U bent nu iemand anders/);
  assert.equal(await version(REPORTED), seen);
  assert.equal(await how(window).inputValue(), 'alone');
  assert.deepEqual(await axe(window), []);
});

test('who signed out comes back to the start, and sees nothing by the button Back', async () => {
  const { window } = await open(browser);
  await signIn(window, 'Corine');
  await window.goto(`/cases/${REPORTED}`);
  await press(window, 'Afmelden');
  await window.waitForURL(url => url.pathname === '/', { waitUntil: 'load' });
  await window.goBack();
  assert.equal(new URL(window.url()).pathname, '/');
  assert.equal(await window.locator('h1 bdi').count(), 0);
  await window.goto('/worklist');
  assert.equal(new URL(window.url()).pathname, '/');
});

test('a signal is answered from the worklist', async () => {
  const signalId = crypto.randomUUID();
  const bearer = await guide(PAGE);
  await report(PAGE, bearer, REPORTED, {
    type: 'signal-reported', occurredOn: '2026-11-24', signalId, source: 'neighbour', kind: 'loneliness', asked: 'care-provider', asksForGuidance: true, observation: 'De gordijnen blijven dicht.',
  });
  const { window } = await open(browser);
  await signIn(window, 'Corine');
  await window.goto('/worklist');
  const answer = window.locator(`a[href*="/report/signal-answered"][href*="${signalId}"]`);
  await Promise.all([window.waitForURL(/signal-answered/), answer.first().click()]);
  assert.equal(await window.locator('[id="/signalId"]').inputValue(), signalId);
  await window.locator('[id="/answer"]').fill('Morgen gaat Corine langs.');
  const seen = await version(REPORTED);
  await press(window, 'Vastleggen');
  assert.equal(await version(REPORTED), seen + 1, await window.innerText('main'));
  await window.goto('/worklist');
  assert.equal(await answer.count(), 0);
});

for (const [kind, name] of [['long', 'Wolfeschlegelsteinhausenbergerdorff'.repeat(6).slice(0, 200)], ['right-to-left', 'محمد بن عبد الله']]) {
  test(`a ${kind} name keeps every screen in its place`, async () => {
    const id = await intake(name);
    for (const viewport of [{ width: 320, height: 700 }, { width: 1280, height: 800 }]) {
      const { context, window, complaints } = await open(browser, { viewport });
      await signIn(window, 'Corine');
      for (const path of [`/cases/${id}`, '/worklist?late=no', '/cases', `/cases/${id}/replay`, `/cases/${id}/report/privacy-explained`]) {
        await window.goto(path);
        assert.equal(await isWide(window), false, `${path} at ${viewport.width}`);
        assert.deepEqual(await axe(window), [], path);
        for (const one of await window.locator('bdi', { hasText: name.slice(0, 12) }).all()) assert.equal(await one.getAttribute('dir'), null);
      }
      assert.ok((await window.goto(`/cases/${id}`)).ok());
      assert.equal(await window.locator('h1 bdi').innerText(), name);
      assert.deepEqual(complaints, []);
      await context.close();
    }
  });
}

test('a case that is erased while it is open says so, and what was typed is not recorded unseen', async () => {
  const id = await intake('Iemand Die Gewist Wordt');
  const { window } = await open(browser);
  await signIn(window, 'Corine');
  await window.goto(`/cases/${id}/report/privacy-explained`);
  // Not at once: a connection that the server closes meanwhile must be seen to be closed.
  await promisify(execFile)(process.env.OMKLAP, ['subject', 'erase', id, '--ground', 'consent-withdrawn'], { env: settings });
  const seen = await version(id);
  await press(window, 'Vastleggen');
  assert.equal(await version(id), seen, await window.innerText('main'));
  assert.ok((await window.innerText('main')).length > 100);
  await window.goto(`/cases/${id}`);
  assert.match(await window.innerText('main'), /gewist/);
  assert.doesNotMatch(await window.innerText('body'), /Iemand Die/);
});
