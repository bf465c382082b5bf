// A browser for the journeys: who signs in, what it complained about, what it asked for.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

export const PAGE = process.env.PAGE;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'],
});

/** A window whose console errors, policy reports and requests are kept. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ baseURL: PAGE, locale: 'nl-NL', ...options });
  // By the debugger, before any page: no policy is off for it.
  if (options.javaScriptEnabled !== false) await context.addInitScript({ content: AXE });
  const window = await context.newPage();
  const [complaints, requests] = [[], []];
  window.on('console', message => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  window.on('pageerror', error => complaints.push(String(error)));
  window.on('request', request => requests.push(request.url()));
  return { context, window, complaints, requests };
}

/** Signs in with one click, as one of the demo's people. */
export async function signIn(window, name) {
  await window.goto('/');
  await Promise.all([window.waitForURL(/worklist|cases/), window.getByRole('button', { name, exact: true }).first().click()]);
}

export const inEnglish = context => context.addCookies([{ name: 'omklap-language', value: 'en', url: PAGE }]);

/** What axe finds, with every rule on. */
export async function axe(window) {
  const { violations } = await window.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 160)).join(' | ')}`);
}

/** Whether the page scrolls sideways. */
export const isWide = window => window.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
