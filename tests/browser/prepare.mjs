// What the demo lacks: corrections that were recorded later, and erased texts.

import { CORRECTED, ERASED, guide, read, report } from './api.mjs';

export async function prepare(page, omklap) {
  const bearer = await guide(page);
  const { items } = await (await read(page, bearer, `trajectories/${CORRECTED}/replay?limit=500`)).json();
  const found = type => items.find(step => step.type === type);
  const correction = { type: 'event-corrected', occurredOn: '2026-11-20', reason: 'De datum was verkeerd overgenomen.' };
  // The first was in time after all, and the second was late: the verdicts differ too.
  for (const [type, occurredOn] of [['follow-up-check-held', '2026-08-31'], ['neighbours-met', '2025-02-19']]) {
    const { sequence: corrects, fact } = found(type);
    await report(page, bearer, CORRECTED, { ...correction, corrects, replacement: { ...fact, occurredOn } });
  }
  const erased = omklap('subject', 'erase', ERASED, '--ground', 'consent-withdrawn');
  if (erased.status !== 0) throw new Error(erased.stderr);
}
