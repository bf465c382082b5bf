// The public API of the server under test, as a program calls it.

/** A token of the development issuer. */
export async function token(page, client, role, scope) {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: client, actor: `${client}-test`, role, scope });
  const answer = await fetch(`${page}/development/token`, { method: 'POST', body: form });
  return (await answer.json()).access_token;
}

export const auditor = page => token(page, 'auditor', 'auditor', 'trajectories:read figures:read audit:read');
export const guide = page => token(page, 'cosis', 'guide', 'trajectories:read trajectories:report audit:read');

export async function read(page, bearer, path) {
  const answer = await fetch(`${page}/v1/${path}`, { headers: { Authorization: `Bearer ${bearer}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Reports a fact in the version that is there now. */
export async function report(page, bearer, id, fact) {
  const seen = (await read(page, bearer, `trajectories/${id}`)).headers.get('ETag');
  const headers = { Authorization: `Bearer ${bearer}`, 'If-Match': seen, 'Idempotency-Key': crypto.randomUUID(), 'Content-Type': 'application/json' };
  const answer = await fetch(`${page}/v1/trajectories/${id}/events`, { method: 'POST', headers, body: JSON.stringify(fact) });
  if (!answer.ok) throw new Error(`${fact.type}: ${answer.status} ${await answer.text()}`);
}

/** The case of the demo with this number. */
export const demo = number => `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
/** The case whose history is corrected, so that what is known differs by instant. */
export const CORRECTED = demo(1);
/** A case in which the guide reports. */
export const REPORTED = CORRECTED;
/** The case of which the auditor sees the half. */
export const WITHHELD = demo(2);
/** The case whose texts are erased. */
export const ERASED = demo(3);
