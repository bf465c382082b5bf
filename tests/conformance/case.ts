// A whole case by three parties and their matching point through the generated TypeScript client, read back by each of them:
// `case.js URL STORY PROVIDER CORPORATION MUNICIPALITY MATCHING-POINT`, with a token for each.
//
// It is compiled by `tsc --strict`: `sentence` and `read` depend on narrowing by `type`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { client } from "./client/client.gen";
import { openTrajectory, readFeed, readTimeline, readTrajectory, reportFacts } from "./client";
import type { Fact, TimelineItem } from "./client";

const [url, story, ...tokens] = process.argv.slice(2) as [string, string, ...string[]];
client.setConfig({ baseUrl: `${url}/v1` });
const names = ["provider", "corporation", "municipality", "matching point"] as const;
const parties = tokens.map((auth, index) => ({ name: names[index], auth }));
const facts = readFileSync(story, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line) as Fact);

/** What a fact says. Each arm has the fields of its own kind, and no other. */
function sentence(fact: Fact): string {
  switch (fact.type) {
    case "intake-registered":
      return `${fact.clientName} comes from ${fact.origin} to ${fact.careProvider}`;
    case "dwelling-offered":
      return `${fact.corporation} offers ${fact.unit} for ${fact.rentCents / 100} euro`;
    case "light-wmo-test-done":
      return `the municipality tests request ${fact.requestId}`;
    case "event-corrected":
      return fact.replacement ? `corrected: ${sentence(fact.replacement)}` : `fact ${fact.corrects} never happened`;
    default:
      return `${fact.type} on ${fact.occurredOn}`;
  }
}

/** How much of an item this party sees. */
function read(item: TimelineItem): "whole" | "in part" | "withheld" {
  if (item.type === "fact-withheld") return "withheld";
  if (item.fact) {
    assert.equal(item.fact.type, item.type);
    assert.ok(sentence(item.fact).length > 0);
    return "whole";
  }
  assert.equal(item.factInPart?.type, item.type);
  assert.ok((item.withheld?.length ?? 0) + (item.erased?.length ?? 0) > 0, "it names what is left out");
  return "in part";
}

async function main() {
  const [provider] = parties;
  const opened = await openTrajectory({ auth: provider.auth, body: facts[0] });
  assert.ok(opened.data, JSON.stringify(opened.error));
  const path = { trajectoryId: opened.data.trajectoryId };
  const reports: Record<string, number> = { provider: 1 };
  const seen: Record<string, ReturnType<typeof read>[]> = {};
  let { phase } = opened.data;
  let tag = opened.response?.headers.get("ETag") ?? "";
  for (const [index, body] of facts.entries()) {
    if (index === 0) continue;
    // The party whose fact it is reports it, and reads the case; the others are refused.
    let answer;
    for (const { name, auth } of parties) {
      answer = await reportFacts({ auth, path, body, headers: { "If-Match": tag } });
      if ([403, 404].includes(answer.response?.status ?? 0)) continue;
      reports[name] = (reports[name] ?? 0) + 1;
      const timeline = await readTimeline({ auth, path, query: { limit: 500 } });
      // A fact that ends the case may end the access of its reporter.
      if (timeline.data) seen[name] = timeline.data.items.map(read);
      break;
    }
    assert.ok(answer?.data, `${index + 1}, ${sentence(body)}: ${JSON.stringify(answer?.error)}`);
    assert.equal(answer.data.version, index + 1);
    phase = answer.data.phase;
    tag = answer.response?.headers.get("ETag") ?? "";
  }
  assert.deepEqual(Object.keys(reports).sort(), [...names].sort(), "every party reported");
  for (const name of names) {
    const count = (how: string) => seen[name].filter((one) => one === how).length;
    assert.ok(count("whole") > 0);
    assert.equal(count("whole") === seen[name].length, name === "provider", `${name}: ${seen[name]}`);
    console.log(`TypeScript, ${name}: ${reports[name]} reported; ${count("whole")} whole, ${count("in part")} in part, ${count("withheld")} withheld`);
  }
  const state = await readTrajectory({ auth: provider.auth, path });
  assert.equal(state.data?.version, facts.length, JSON.stringify(state.error));
  const feed = await readFeed({ auth: provider.auth, query: { types: ["light-wmo-test-done", "obligation-overdue"], detail: "full", limit: 1000 } });
  const tested = feed.data?.items.find((item) => item.trajectoryId === path.trajectoryId && item.type === "light-wmo-test-done");
  assert.equal(tested?.entry?.fact?.type, "light-wmo-test-done");
  console.log(`TypeScript: ${facts.length} facts; the case is in phase ${phase}`);
}

void main();
