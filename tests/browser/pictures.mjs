// The pictures of the README and of docs/PAGE.md, of the demo's invented people.

import { mkdirSync } from 'node:fs';
import { CORRECTED, WITHHELD, auditor, read } from './api.mjs';
import { PAGE, launch, open, signIn } from './browser.mjs';
import { tour } from './tour.mjs';

/** The stops of the tour that docs/PAGE.md shows. */
const SHOWN = ['refused', 'recorded', 'replay', 'verdict'];

const FOLDER = process.env.PICTURES ?? '../../docs/pictures';
mkdirSync(FOLDER, { recursive: true });
const browser = await launch();
const { window } = await open(browser, { viewport: { width: 1000, height: 640 }, colorScheme: 'light', reducedMotion: 'reduce' });
const picture = async (name, path) => {
  await window.goto(path);
  await window.screenshot({ path: `${FOLDER}/${name}.png` });
};
await signIn(window, 'Corine');
await picture('case', `/cases/${CORRECTED}`);
// A day on which something else is known now than before the corrections.
await window.goto(`/cases/${CORRECTED}/replay`);
const days = (await window.getAttribute('form.clocks', 'data-days')).split(' ');
await picture('replay', `/cases/${CORRECTED}/replay?step=${days.indexOf('2024-11-18')}&known=0`);
await tour(window, async stop => {
  if (SHOWN.includes(stop)) await window.screenshot({ path: `${FOLDER}/tour-${stop}.png` });
});
if (process.env.PICTURES) {
  await signIn(window, 'Corine');
  // Every screen, to look at after a change.
  await picture('start', '/');
  await picture('worklist', '/worklist');
  await picture('verify', '/verify');
  const { publicKeys } = await (await read(PAGE, await auditor(PAGE), 'ledger/keys')).json();
  const file = await (await read(PAGE, await auditor(PAGE), `trajectories/${WITHHELD}/case-file`)).arrayBuffer();
  for (const [name, keys] of [['verdict', publicKeys], ['verdict-without-key', []], ['verdict-no', ['omklap.example.org/ledger+ad0ff6ce+AaFqYgR8EXVimqBVyiLM6SJg1LbFkImGYGL5dGbfLku9']]]) {
    await window.setInputFiles('#file', { name: 'case.json', mimeType: 'application/json', buffer: Buffer.from(file) });
    await window.fill('#keys', keys.join());
    await window.click('#check');
    await window.waitForSelector('#verdict h2');
    await window.waitForFunction(() => !document.getElementById('check').disabled);
    await window.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true });
  }
  await signIn(window, 'Karel');
  await picture('regions', '/figures');
  await picture('figures', '/figures/amsterdam');
  await window.setViewportSize({ width: 320, height: 640 });
  await picture('replay-narrow', `/cases/${CORRECTED}/replay`);
  await picture('figures-narrow', '/figures/amsterdam');
  await picture('case-narrow', `/cases/${CORRECTED}`);
}
await browser.close();
