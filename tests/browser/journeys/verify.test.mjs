// Verification in the browser: the same verdict as omklap-verify, and no request leaves.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, ftruncateSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CORRECTED, ERASED, WITHHELD, auditor, guide, read, token } from '../api.mjs';
import { PAGE, axe, inEnglish, launch, open, signIn } from '../browser.mjs';

const OTHER_KEY = 'omklap.example.org/ledger+ad0ff6ce+AaFqYgR8EXVimqBVyiLM6SJg1LbFkImGYGL5dGbfLku9';
let [browser, folder, key, files] = [];

before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'omklap-files-'));
  const bearer = await auditor(PAGE);
  [key] = (await (await read(PAGE, bearer, 'ledger/keys')).json()).publicKeys;
  const file = async (name, who, id) => {
    writeFileSync(join(folder, name), Buffer.from(await (await read(PAGE, who, `trajectories/${id}/case-file`)).arrayBuffer()));
    return join(folder, name);
  };
  const neos = await token(PAGE, 'neos', 'guide', 'trajectories:read audit:read');
  files = {
    good: await file('good.json', await guide(PAGE), CORRECTED),
    withheld: await file('withheld.json', bearer, WITHHELD),
    erased: await file('erased.json', neos, ERASED),
  };
});
after(async () => { await browser.close(); rmSync(folder, { recursive: true, force: true }); });

/** What omklap-verify says: its heading, and the place of what is wrong. */
function program(path, keys) {
  const { stdout, status } = spawnSync(process.env.OMKLAP_VERIFY, [path, ...keys.flatMap(one => ['--key', one])], { encoding: 'utf8' });
  const [heading, wrong] = stdout.split('\n');
  const verdict = { 0: 'yes', 1: 'no', 3: 'maybe' }[status];
  const numbers = stdout.split('\n').filter(line => /^(events|texts|ledger) /.test(line)).join(' ').replace(/root \S+/, '').match(/\d+/g);
  return { verdict, place: verdict === 'no' ? wrong.split(': ')[0] : undefined, heading, numbers };
}

async function check(window, path, keys) {
  await window.setInputFiles('#file', path);
  await window.fill('#keys', keys.join('\n'));
  await window.click('#check');
  await window.waitForFunction(() => !document.getElementById('check').disabled && document.querySelector('#verdict h2'));
  return window.$eval('#verdict', ({ dataset, innerText }) => ({ ...dataset, text: innerText }));
}

async function same(window, path, keys) {
  const [ours, theirs] = [await check(window, path, keys), program(path, keys)];
  assert.equal(ours.verdict, theirs.verdict, `${path}: ${ours.text}`);
  return [ours, theirs];
}

test('the browser gives the verdict of omklap-verify, with the same numbers, and nothing leaves', async () => {
  const { window, requests, complaints } = await open(browser);
  await window.goto('/verify');
  requests.length = 0;
  for (const [name, path] of Object.entries(files)) {
    for (const keys of [[key], [], [OTHER_KEY], [OTHER_KEY, key]]) {
      const [ours, theirs] = await same(window, path, keys);
      if (theirs.verdict === 'no') assert.equal(ours.place, theirs.place, name);
      else for (const number of theirs.numbers.filter(number => number !== '0')) assert.match(ours.text, new RegExp(`\\b${number}\\b`), `${name}: ${ours.text}`);
    }
  }
  assert.deepEqual(requests, []);
  assert.deepEqual(complaints, []);
});

test('a flipped byte is found wherever it is, at the place that omklap-verify names', async () => {
  const { window, requests } = await open(browser);
  await window.goto('/verify');
  requests.length = 0;
  const [good, path] = [readFileSync(files.good), join(folder, 'flipped.json')];
  for (let time = 0; time < 40; time += 1) {
    const flipped = Buffer.from(good);
    flipped[Math.floor(((time * 0.6180339887) % 1) * good.length)] ^= 1 << (time % 7);
    writeFileSync(path, flipped);
    const [ours, theirs] = await same(window, path, [key]);
    assert.equal(theirs.verdict, 'no');
    // A byte outside the events shows in one place; how it is called differs.
    if (/^(event|text) /.test(theirs.place)) assert.equal(ours.place, theirs.place);
  }
  assert.deepEqual(requests, []);
});

test('a file that is left out, cut, moved or written otherwise is refused as omklap-verify refuses it', async () => {
  const { window } = await open(browser);
  await window.goto('/verify');
  const changes = {
    'without an event': file => file.events.splice(4, 1),
    'without its end': file => file.events.pop(),
    'with two events swapped': file => file.events.splice(3, 2, file.events[4], file.events[3]),
    'with a changed text': file => { file.texts[0].text += '!'; },
    'with another phase': file => { file.phase = 'housed'; },
    'with a field more': file => { file.more = 1; },
    'with a broken number': file => { file.version = 1.5; },
    'without events': file => { delete file.events; },
    'with texts of another kind': file => { file.texts = 'none'; },
    'with an event of another kind': file => { file.events[0] = null; },
  };
  for (const [name, change] of Object.entries(changes)) {
    const file = JSON.parse(readFileSync(files.good, 'utf8'));
    change(file);
    const path = join(folder, 'changed.json');
    writeFileSync(path, JSON.stringify(file) + '\n');
    const [ours] = await same(window, path, [key]);
    assert.equal(ours.verdict, 'no', name);
    assert.doesNotMatch(ours.text, /undefined|TypeError|\[object/, name);
  }
});

test('what is no case file, no file, too large or no key gets its words', async () => {
  const { window } = await open(browser);
  await window.goto('/verify');
  await window.click('#check');
  assert.match(await window.innerText('#verdict'), /Kies eerst een bestand/);
  const write = (name, content) => { writeFileSync(join(folder, name), content); return join(folder, name); };
  for (const [content, words] of [
    ['{', /geen JSON/], ['[]', /geen dossierbestand/], ['null', /geen dossierbestand/], ['{"format":"other/1"}', /geen dossierbestand/],
    [Buffer.from([0xff, 0xfe]), /geen JSON/], ['{"format":"omklap-case-file/1"}', /ontbreekt/], ['['.repeat(200_000), /geen JSON|anders gebouwd/],
  ]) assert.match((await check(window, write('other.json', content), [key])).text, words);
  for (const wrong of ['a', 'a+b+c', key.replace(/.$/, '!')]) {
    assert.match((await check(window, files.good, [wrong])).text, /geen openbare sleutel/);
  }
  const large = join(folder, 'large.json');
  const descriptor = openSync(large, 'w');
  ftruncateSync(descriptor, 300_000_000);
  closeSync(descriptor);
  assert.match((await check(window, large, [key])).text, /300 MB.*64 MB.*omklap-verify/s);
});

test('the page to keep runs from disk without a connection, in both languages', async () => {
  for (const [language, words] of [['nl', 'Zoals vastgelegd'], ['en', 'As recorded']]) {
    const { context, window, requests, complaints } = await open(browser);
    if (language === 'en') await inEnglish(context);
    await window.goto('/verify');
    const [download] = await Promise.all([window.waitForEvent('download'), window.click('a[download]')]);
    const kept = join(folder, download.suggestedFilename());
    await download.saveAs(kept);
    await context.setOffline(true);
    await window.goto(pathToFileURL(kept).href);
    requests.length = 0;
    assert.ok((await check(window, files.good, [key])).text.startsWith(words));
    assert.deepEqual(await axe(window), []);
    assert.deepEqual([requests, complaints], [[], []]);
  }
});

test('each verdict passes axe', async () => {
  const { window } = await open(browser);
  await window.goto('/verify');
  for (const [path, keys] of [[files.good, [key]], [files.good, []], [files.good, [OTHER_KEY]], [files.good, ['a']]]) {
    await check(window, path, keys);
    assert.deepEqual(await axe(window), []);
  }
});

test('a case is kept as a file by the page, and is the file of the API', async () => {
  const { context, window } = await open(browser);
  await signIn(window, 'Karel');
  const answer = await context.request.get(`/cases/${WITHHELD}/file`);
  assert.equal(answer.status(), 200);
  const path = join(folder, 'kept.json');
  writeFileSync(path, await answer.body());
  await window.goto('/verify');
  assert.equal((await check(window, path, [key])).verdict, 'yes');
});
