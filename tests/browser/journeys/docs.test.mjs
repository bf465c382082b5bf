// Swagger UI of a development server: it opens at once, has a token, and names what it shows.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PAGE, launch, open } from '../browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** How many times the work of a document of one operation it may be until its operations can be read. */
const MOST = 4;

const operation = (window, tag, id) => window.locator(`[id="operations-${tag}-${id}"]`);

async function opened(window, tag, id) {
  const found = operation(window, tag, id);
  await found.locator('.opblock-summary-control').click();
  return found;
}

/** The work until the operations can be read, in milliseconds of a processor: the machine may be busy. */
async function workToOpen(prepare = () => {}) {
  const { context, window, complaints } = await open(browser);
  await prepare(window);
  const inspector = await context.newCDPSession(window);
  await inspector.send('Performance.enable', { timeDomain: 'threadTicks' });
  await window.goto('/v1/docs');
  await operation(window, 'trajectories', 'reportFacts').waitFor({ timeout: 120_000 });
  const { metrics } = await inspector.send('Performance.getMetrics');
  assert.deepEqual(complaints, []);
  await context.close();
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1_000;
}

const ofOneOperation = window => window.route('**/v1/openapi.json', route => route.fulfill({ json: {
  openapi: '3.1.0', info: { title: 'One operation', version: '1' },
  paths: { '/trajectories': { get: { tags: ['trajectories'], operationId: 'reportFacts', responses: { 200: { description: 'Found' } } } } },
} }));

test('it opens with little more work than Swagger UI has with one operation', async () => {
  const [ours, one] = [[], []];
  for (let turn = 0; turn < 3; turn += 1) {
    one.push(await workToOpen(ofOneOperation));
    ours.push(await workToOpen());
  }
  const ratio = Math.min(...ours) / Math.min(...one);
  console.log(`Swagger UI: ${Math.min(...ours).toFixed()} ms of work, ${ratio.toFixed(1)} times that of one operation`);
  assert.ok(ratio < MOST, `${ratio.toFixed(1)} times the work of one operation`);
});

test('a request can be tried at once, without signing in', async () => {
  const { context, window } = await open(browser);
  await window.goto('/v1/docs');
  const me = await opened(window, 'organisations', 'readMe');
  await me.locator('.try-out__btn').click();
  await me.locator('.execute').click();
  const answer = me.locator('.live-responses-table');
  await answer.waitFor();
  assert.match(await answer.locator('tbody .response-col_status').first().innerText(), /^200/);
  assert.match(await answer.innerText(), /"cosis"/);
  await context.close();
});

test('a report has a named example of each kind of fact, and its schema names them', async () => {
  const { context, window } = await open(browser);
  const published = await (await fetch(`${PAGE}/v1/openapi.json`)).json();
  const body = published.paths['/trajectories/{trajectoryId}/events'].post.requestBody.content['application/json'];
  const kinds = Object.values(body.examples).map(({ value }) => value.type).sort();
  assert.ok(kinds.length > 80, `${kinds.length}`);
  await window.goto('/v1/docs');
  const report = await opened(window, 'trajectories', 'reportFacts');
  const names = report.locator('.opblock-section-request-body .examples-select-element option');
  await names.first().waitFor({ state: 'attached' });
  assert.deepEqual((await names.allInnerTexts()).sort(), kinds);
  await report.locator('.opblock-section-request-body').getByText('Schema', { exact: true }).click();
  const schema = report.locator('.opblock-section-request-body .model-box, .opblock-section-request-body .json-schema-2020-12').first();
  await schema.waitFor();
  assert.doesNotMatch(await schema.innerText(), /object \| object/);
  await context.close();
});
