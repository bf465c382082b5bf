// Reports one whole demo case fact by fact through the generated TypeScript client, and reads it back: `case.js URL STORY`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { client } from "./client/client.gen";
import { openTrajectory, readTimeline, readTrajectory, reportFacts } from "./client";
import type { Fact, OpenTrajectoryData } from "./client";

const [url, story] = process.argv.slice(2) as [string, string];
client.setConfig({ baseUrl: `${url}/v1` });

const headers = {
  "Omklap-Actor": "u-typescript",
  "Omklap-Organisation": "cosis",
  "Omklap-Role": "care-provider",
  "Omklap-Purpose": "conformance",
} as const;
const facts = readFileSync(story, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line) as Fact);

async function main() {
  const opened = await openTrajectory({ body: facts[0] as OpenTrajectoryData["body"], headers });
  assert.ok(opened.data, JSON.stringify(opened.error));
  const path = { trajectoryId: opened.data.trajectoryId };
  let { phase } = opened.data;
  for (const [index, fact] of facts.entries()) {
    if (index === 0) continue;
    const reported = await reportFacts({ path, body: fact, headers: { ...headers, "If-Match": `"${index}"` } });
    assert.ok(reported.data, `${index + 1}: ${JSON.stringify(reported.error)}`);
    assert.equal(reported.data.version, index + 1);
    phase = reported.data.phase;
  }

  const standing = await readTrajectory({ path, headers });
  assert.ok(standing.data, JSON.stringify(standing.error));
  assert.equal(standing.data.version, facts.length);
  assert.equal(standing.data.phase, phase);
  const timeline = await readTimeline({ path, headers, query: { limit: 500 } });
  assert.deepEqual(timeline.data?.items.map((entry) => entry.fact), facts);
  console.log(`TypeScript: ${facts.length} facts reported and read back; the case stands in ${phase}`);
}

void main();
