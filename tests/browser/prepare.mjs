// What the demo lacks: corrections that were recorded later, and erased texts.

import { CORRECTED, ERASED, guide, read, report } from './api.mjs';

export async function prepare(page, omklap) {
  const bearer = await guide(page);
  const { items } = await (await read(page, bearer, `trajectories/${CORRECTED}/replay?limit=500`)).json();
  const found = type => items.find(step => step.type === type);
  const met = found('neighbours-met');
  const later = { ...met.fact, occurredOn: '2024-09-19' };
  const correction = { type: 'event-corrected', occurredOn: '2026-11-20', reason: 'De kennismaking was een week later.' };
  await report(page, bearer, CORRECTED, { ...correction, corrects: met.sequence, replacement: later });
  // After the last day on which it was in time, so that a verdict differs too.
  const late = { ...met.fact, occurredOn: '2025-02-19' };
  await report(page, bearer, CORRECTED, { ...correction, corrects: met.sequence, replacement: late });
  const erased = omklap('subject', 'erase', ERASED, '--ground', 'consent-withdrawn');
  if (erased.status !== 0) throw new Error(erased.stderr);
}
