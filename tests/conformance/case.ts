// Reports one whole demo case fact by fact through the generated TypeScript client, and reads it back:
// `case.js URL STORY TOKEN…`. Every token belongs to one partner. A fact is reported by the first partner
// that may report it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { client } from "./client/client.gen";
import { openTrajectory, readTimeline, readTrajectory, reportFacts } from "./client";
import type { Fact, OpenTrajectoryData } from "./client";

const [url, story, ...tokens] = process.argv.slice(2) as [string, string, ...string[]];
client.setConfig({ baseUrl: `${url}/v1` });
const [first, ...others] = tokens.map((auth) => ({ auth }));

const facts = readFileSync(story, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line) as Fact);

async function main() {
  const opened = await openTrajectory({ ...first, body: facts[0] as OpenTrajectoryData["body"] });
  assert.ok(opened.data, JSON.stringify(opened.error));
  const path = { trajectoryId: opened.data.trajectoryId };
  // Facts that only the client may report need a token of this client.
  const mint = ["token", "--client", "cosis", "--role", "client", "--purpose", "conformance", "--trajectory", path.trajectoryId];
  mint.push("--scope", "trajectories:read", "--scope", "trajectories:report");
  others.push({ auth: execFileSync(process.env.OMKLAP ?? "omklap", mint, { encoding: "utf8" }).trim() });
  let { phase } = opened.data;
  let tag = opened.response?.headers.get("ETag") ?? "";
  for (const [index, fact] of facts.entries()) {
    if (index === 0) continue;
    const report = { path, body: fact, headers: { "If-Match": tag } };
    let reported = await reportFacts({ ...first, ...report });
    for (const other of others) {
      if (![403, 404].includes(reported.response?.status ?? 0)) break;
      reported = await reportFacts({ ...other, ...report });
    }
    assert.ok(reported.data, `${index + 1}: ${JSON.stringify(reported.error)}`);
    assert.equal(reported.data.version, index + 1);
    phase = reported.data.phase;
    tag = reported.response?.headers.get("ETag") ?? "";
  }

  const state = await readTrajectory({ ...first, path });
  assert.ok(state.data, JSON.stringify(state.error));
  assert.equal(state.data.version, facts.length);
  assert.equal(state.data.phase, phase);
  const timeline = await readTimeline({ ...first, path, query: { limit: 500 } });
  assert.equal(timeline.data?.items.length, facts.length);
  console.log(`TypeScript: ${facts.length} facts reported and read back; the case is in phase ${phase}`);
}

void main();
