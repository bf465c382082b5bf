// The pictures of the README, of the demo's invented people.

import { mkdirSync } from 'node:fs';
import { CORRECTED } from './api.mjs';
import { launch, open, signIn } from './browser.mjs';

const FOLDER = process.env.PICTURES ?? '../../docs/pictures';
mkdirSync(FOLDER, { recursive: true });
const browser = await launch();
const { window } = await open(browser, { viewport: { width: 1000, height: 640 }, colorScheme: 'light' });
const picture = async (name, path) => {
  await window.goto(path);
  await window.screenshot({ path: `${FOLDER}/${name}.png` });
};
await signIn(window, 'Corine');
await picture('case', `/cases/${CORRECTED}`);
await picture('replay', `/cases/${CORRECTED}/replay?step=20&known=0`);
if (process.env.PICTURES) {
  await picture('start', '/');
  await picture('worklist', '/worklist');
  await picture('verify', '/verify');
  await signIn(window, 'Karel');
  await picture('regions', '/figures');
  await picture('figures', '/figures/amsterdam');
}
await browser.close();
