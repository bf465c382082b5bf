// Checks a file that omklap exported, with nothing but WebCrypto. Written from docs/AUDIT.md; it
// shares no code with the ledger or with omklap-verify, and checks in the same order as the latter.

/** The first thing that is wrong: its place in the file, and what it is, as a name in words.json. */
class Wrong extends Error {
  constructor(place, what, about = '') { super(`${place}: ${what}`); Object.assign(this, { place, what, about }); }
}
const must = (holds, place, what, about) => { if (!holds) throw new Wrong(place, what, about); };

const bytes = text => new TextEncoder().encode(text);
const hex = of => Array.from(of, byte => byte.toString(16).padStart(2, '0')).join('');
const isHash = text => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
const unhex = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Base64 as RFC 4648 writes it, and in no other way; null otherwise. */
function unbase64(text) {
  try {
    const raw = atob(text);
    return btoa(raw) === text ? Uint8Array.from(raw, letter => letter.charCodeAt(0)) : null;
  } catch { return null; }
}

async function sha256(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

/** A number in eight bytes, the highest first. */
function long(number) {
  const eight = new Uint8Array(8);
  new DataView(eight.buffer).setBigInt64(0, BigInt(number));
  return eight;
}

/** The canonical text of a value (RFC 8785); null if it holds what no exported file has. */
function canonical(value, depth = 0) {
  if (depth > 126) return null;
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  if (value === null || typeof value === 'boolean') return String(value);
  const parts = Array.isArray(value)
    ? value.map(element => canonical(element, depth + 1))
    // Sorted by UTF-16 code units, as RFC 8785 asks and JavaScript compares.
    : Object.keys(value).sort().map(name => {
      const [key, inner] = [canonical(name), canonical(value[name], depth + 1)];
      return key === null || inner === null ? null : `${key}:${inner}`;
    });
  if (parts.includes(null)) return null;
  return Array.isArray(value) ? `[${parts.join()}]` : `{${parts.join()}}`;
}

/** JSON that is written canonically; undefined otherwise. */
function canonicalJson(text) {
  try {
    const value = JSON.parse(text);
    return canonical(value) === text ? value : undefined;
  } catch { return undefined; }
}

/** Reads a public key, NAME+ID+KEY. The key itself is base64, so it may contain a plus. */
async function publicKey(text) {
  const [name, id, ...rest] = String(text).trim().split('+');
  const key = unbase64(rest.join('+'));
  must(name && key?.length === 33 && key[0] === 1, 'public key', 'key', text);
  const ours = hex((await sha256(bytes(`${name}\n`), key)).slice(0, 4));
  must(ours === id, 'public key', 'key', text);
  const imported = await crypto.subtle.importKey('raw', key.slice(1), 'Ed25519', false, ['verify']);
  return { name, id, imported, label: `${name}+${id}` };
}

/** Reads a signed note (C2SP signed-note): nothing but signatures is below its text. */
async function signed(note, keys, place) {
  must(typeof note === 'string', place, 'missing');
  const cut = note.lastIndexOf('\n\n');
  must(cut >= 0, place, 'noNote');
  const [text, block] = [note.slice(0, cut + 1), note.slice(cut + 2)];
  must(block.endsWith('\n'), place, 'underNote');
  const signatures = block.slice(0, -1).split('\n').map(line => {
    const found = /^— ([^ ]+) ([^ ]+)$/.exec(line);
    const signature = found && unbase64(found[2]);
    must(signature?.length > 4, place, 'underNote');
    return { name: found[1], signature };
  });
  for (const key of keys) {
    for (const { name, signature } of signatures) {
      if (name !== key.name || hex(signature.slice(0, 4)) !== key.id) continue;
      if (await crypto.subtle.verify('Ed25519', key.imported, signature.slice(4), bytes(text))) {
        return { text, signer: key, count: signatures.length };
      }
    }
  }
  throw new Wrong(place, 'otherKey');
}

/** Reads a checkpoint: the name of the ledger, the number of leaves, the root. */
async function checkpoint(file, keys) {
  const { text, signer } = await signed(file.checkpoint, keys, 'checkpoint');
  const lines = text.slice(0, -1).split('\n');
  const root = unbase64(lines[2] ?? '');
  const size = Number(lines[1]);
  const reads = lines.length === 3 && lines[0] === signer.name && root?.length === 32;
  must(reads && Number.isSafeInteger(size) && size >= 0 && String(size) === lines[1], 'checkpoint', 'noCheckpoint');
  return { size, root: hex(root), signer };
}

/** The root that follows from a leaf and the hashes beside its path (RFC 9162 §2.1.3.2). */
async function rootOf(leaf, index, size, beside) {
  const half = number => Math.floor(number / 2);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return null;
  let [number, last, hash] = [index, size - 1, leaf];
  for (const sibling of beside) {
    if (last === 0) return null;
    if (number % 2 === 1 || number === last) {
      hash = await sha256(Uint8Array.of(1), unhex(sibling), hash);
      while (number % 2 === 0 && number !== 0) { number = half(number); last = half(last); }
    } else {
      hash = await sha256(Uint8Array.of(1), hash, unhex(sibling));
    }
    number = half(number); last = half(last);
  }
  return last === 0 ? hex(hash) : null;
}

/** Checks an event: its hash, its link to the one before it, and its leaf. */
async function event(value, [aggregate, id], number, previous, { size, root }) {
  const place = `event ${number}`;
  must(isObject(value) && value.sequence === number, place, 'gap', value?.sequence ?? '?');
  must(isHash(value.hash), place, 'noHash');
  const recorded = unhex(value.hash);
  let fact;
  if (value.withheld === undefined) {
    fact = canonicalJson(value.payload);
    must(fact !== undefined && canonicalJson(value.metadata) !== undefined, place, 'payload');
    const texts = [value.eventId, value.eventType, value.eventVersion, value.recordedAt, value.payload, value.metadata];
    must(texts.every(text => typeof text === 'string'), place, 'missing');
    const fields = [aggregate, id, String(number), ...texts].map(bytes);
    const hash = await sha256(previous, ...fields.flatMap(field => [long(field.length), field]));
    must(hex(hash) === value.hash, place, 'changed');
    must(fact?.type === value.eventType, place, 'type');
  }
  must(Number.isSafeInteger(value.position), place, 'missing');
  const proof = Array.isArray(value.inclusion) && value.inclusion.every(isHash) ? value.inclusion : [];
  const leaf = await sha256(Uint8Array.of(0), long(value.position), recorded);
  must(await rootOf(leaf, value.leafIndex, size, proof) === root, place, 'notInLedger');
  return { number, position: value.position, fact, seen: value.fact, recorded };
}

/** Every commitment to a private text in a fact. */
function* commitments(value) {
  if (value === null || typeof value !== 'object') return;
  if (Object.keys(value).length === 2 && typeof value.id === 'string' && typeof value.commitment === 'string') {
    yield [value.id, value.commitment];
  }
  for (const inner of Object.values(value)) yield* commitments(inner);
}

/** Checks the private texts against the commitments of the events, and counts them. */
async function privateTexts(file, events) {
  const [committed, listed] = [new Map(), new Set()];
  for (const { seen, fact } of events) {
    for (const [id, hash] of commitments(seen)) committed.set(id, { hash, proven: false });
    for (const [id, hash] of commitments(fact)) committed.set(id, { hash, proven: true });
  }
  must(Array.isArray(file.texts), 'texts', 'missing');
  let proven = 0;
  for (const text of file.texts) {
    must(typeof text?.id === 'string', 'texts', 'missing');
    const [place, found] = [`text ${text.id}`, committed.get(text.id)];
    must(found, place, 'noSuchText');
    must(isHash(text.salt) && typeof text.text === 'string', place, 'missing');
    must(hex(await sha256(unhex(text.salt), bytes(text.text))) === found.hash, place, 'changedText');
    must(!listed.has(text.id), place, 'twice');
    listed.add(text.id);
    proven += Number(found.proven);
  }
  const onSeal = listed.size - proven;
  const erased = file.erased ?? [];
  must(Array.isArray(erased), 'erased', 'missing');
  for (const id of erased) {
    must(committed.has(id), 'erased', 'noSuchText');
    must(!listed.has(id), `text ${id}`, 'notErased');
    listed.add(id);
  }
  return { proven, onSeal, erased: erased.length, withheld: committed.size - listed.size };
}

/** The facts that lead from one phase to another. Every other fact leaves the phase as it is. */
const PHASES = {
  'intake-registered': ['unopened', 'preparing'],
  'running-case-taken-over': ['unopened', 'stated'],
  'readiness-confirmed': ['preparing', 'ready'],
  'readiness-revoked': ['ready matching', 'preparing'],
  'housing-requested': ['ready housed', 'matching'],
  'request-returned': ['matching', 'home'],
  'dwelling-offered': ['matching', 'offered'],
  'offer-accepted': ['offered', 'contracting'],
  'offer-refused': ['offered', 'matching'],
  'offer-withdrawn': ['offered contracting', 'matching'],
  'housed-under-intermediary-lease': ['contracting', 'housed'],
  'housed-under-three-party-lease': ['contracting', 'housed'],
  'housed-under-temporary-lease': ['contracting', 'housed'],
  'housed-under-own-lease': ['contracting', 'housed'],
  'contract-flipped': ['housed', 'follow-up'],
  'follow-up-ended': ['follow-up', 'ended'],
  'returned-to-shelter': ['*', 'ended'],
  'trajectory-ended': ['*', 'ended'],
  'registered-by-mistake': ['preparing ready matching offered contracting', 'ended'],
  'tenant-death-reported': ['follow-up', 'ended'],
};
/** Whether a fact ends the case: on its day it comes last. */
const ends = fact => Object.hasOwn(PHASES, String(fact.type ?? '')) && PHASES[fact.type][1] === 'ended';

/** Replays the phase in the order of happening; corrected facts are replaced or left out. */
function phaseAfter(events) {
  const happened = new Map();
  for (const { number, fact, seen } of events) {
    const known = fact ?? seen;
    if (!isObject(known)) continue;
    if (known.type === 'event-corrected' && Number.isSafeInteger(known.corrects)) {
      happened.delete(known.corrects);
      if (isObject(known.replacement)) happened.set(known.corrects, known.replacement);
    } else happened.set(number, known);
  }
  const on = fact => String(fact.occurredOn ?? '');
  const ordered = [...happened].sort(([one, a], [other, b]) =>
    on(a) < on(b) ? -1 : on(a) > on(b) ? 1 : ends(a) - ends(b) || one - other);
  let [phase, hasLease] = ['unopened', false];
  for (const [number, fact] of ordered) {
    const type = String(fact.type ?? '');
    hasLease ||= type.startsWith('housed-under-') || isObject(fact.lease) || type === 'contract-flipped';
    if (!Object.hasOwn(PHASES, type)) continue;
    const [from, to] = PHASES[type];
    must(from === '*' || from.split(' ').includes(phase), `event ${number}`, 'impossible');
    phase = to === 'stated' ? String(fact.phase ?? '') : to === 'home' ? (hasLease ? 'housed' : 'ready') : to;
  }
  return phase;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const CASE_FILE = 'omklap-case-file/1';
const CERTIFICATE = 'omklap-certificate-file/1';
const FIELDS = {
  [CASE_FILE]: ['agreementSets', 'categories', 'checkpoint', 'erased', 'events', 'exportedAt', 'exportedFor', 'format',
    'head', 'phase', 'publicKeys', 'seal', 'texts', 'trajectoryId', 'version'],
  [CERTIFICATE]: ['checkpoint', 'event', 'exportedAt', 'format', 'publicKeys', 'seal', 'trajectoryId'],
};

/** Checks that a file has no other fields than those of its format, and when it was exported. */
function heading(file, events) {
  const unknown = Object.keys(file).find(field => !FIELDS[file.format].includes(field));
  must(unknown === undefined, unknown, 'unknownField');
  must(typeof file.exportedAt === 'string' && INSTANT.test(file.exportedAt), 'exportedAt', 'missing');
  const sets = Array.isArray(file.agreementSets) ? file.agreementSets : [];
  for (const { number, fact, seen } of events) {
    const bound = (fact ?? seen)?.agreementSet;
    if (!isObject(bound)) continue;
    const isThere = sets.some(set => set?.id === bound.id && set?.version === bound.version);
    must(isThere, `event ${number}`, 'noSet', `${bound.id} ${bound.version}`);
  }
}

/** Checks that a file is written canonically, and that one of these keys sealed exactly this. */
async function sealed(source, file, keys) {
  const written = canonical(file);
  must(written !== null, 'file', 'number');
  must(`${written}\n` === source, 'file', 'notCanonical');
  const { text, signer, count } = await signed(file.seal, keys, 'seal');
  must(count === 1, 'seal', 'underNote');
  const { seal: _, ...rest } = file;
  const hash = hex(await sha256(bytes(canonical(rest))));
  must(text === `${signer.name}\n${file.format}\n${hash}\n`, 'seal', 'notSealed');
}

/** A certificate: the one event of the stream of a case that was destroyed. */
async function certificate(file, head) {
  const one = await event(file.event, ['destruction', file.trajectoryId], 1, new Uint8Array(32), head);
  const { fact } = one;
  must(fact, 'event 1', 'missing');
  must(fact.type === 'trajectory-destroyed' && fact.trajectoryId === file.trajectoryId, 'event 1', 'noCertificate');
  must(Array.isArray(fact.events), 'events', 'missing');
  let last = -Infinity;
  fact.events.forEach(({ hash, position } = {}, at) => {
    must(isHash(hash), `destroyed event ${at + 1}`, 'noHash');
    must(Number.isSafeInteger(position) && position > last && position < one.position, `destroyed event ${at + 1}`, 'order');
    last = position;
  });
  return { events: [one], result: { destroyedOn: String(fact.occurredOn ?? ''), events: fact.events.length } };
}

/** The events of a case file, each after the one before it. */
async function eventsOf(file, head, progress) {
  must(Array.isArray(file.events), 'events', 'missing');
  let [previous, events] = [new Uint8Array(32), []];
  for (const [at, value] of file.events.entries()) {
    const one = await event(value, ['trajectory', file.trajectoryId], at + 1, previous, head);
    must(at === 0 || events[at - 1].position < one.position, `event ${at + 1}`, 'order');
    events.push(one);
    previous = one.recorded;
    progress(at + 1, file.events.length);
  }
  must(file.version === events.length && events.length > 0, 'version', 'endMissing', String(file.version));
  return events;
}

/**
 * Checks that the last leaf of the tree says that the case has no other event. Files from before
 * 2026-11-29 say nothing about that.
 */
async function isComplete({ head, trajectoryId }, events, { size, root }) {
  if (head === undefined) return false;
  must(isObject(head) && isHash(head.heads) && Number.isSafeInteger(head.position), 'head', 'missing');
  const { siblings, inclusion } = head;
  must([siblings, inclusion].every(list => Array.isArray(list) && list.every(isHash)), 'head', 'missing');
  must(siblings.length <= 256, 'head', 'missing');
  const key = await sha256(bytes(`omklap-head/1\ntrajectory ${trajectoryId}\n`), events[0].recorded);
  let node = await sha256(Uint8Array.of(0), key, long(events.length), events.at(-1).recorded);
  for (const [at, sibling] of siblings.entries()) {
    const depth = siblings.length - 1 - at;
    const goesRight = key[depth >> 3] >> (7 - depth % 8) & 1;
    const pair = goesRight ? [unhex(sibling), node] : [node, unhex(sibling)];
    node = await sha256(Uint8Array.of(1), ...pair);
  }
  must(hex(node) === head.heads, 'head', 'notLast');
  const statement = await sha256(bytes('omklap-heads/1\n'), long(size - 1), unhex(head.heads));
  const leaf = await sha256(Uint8Array.of(0), long(head.position), statement);
  must(await rootOf(leaf, size - 1, size, inclusion) === root, 'head', 'notInLedger');
  return true;
}

async function caseFile(file, head, progress) {
  const events = await eventsOf(file, head, progress);
  const complete = await isComplete(file, events, head);
  const texts = await privateTexts(file, events);
  must(typeof file.phase === 'string', 'phase', 'missing');
  const phase = phaseAfter(events);
  must(phase === file.phase, 'phase', 'otherPhase');
  const withheld = events.filter(({ fact }) => fact === undefined).length;
  return { events, result: { events: events.length, withheld, texts, phase, complete } };
}

/** Reads a file as JSON. */
function read(content) {
  try {
    const source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return [source, JSON.parse(source)];
  } catch { throw new Wrong('file', 'notJson'); }
}

/**
 * Checks a case file or a certificate. Without keys those in the file are used: that shows only that
 * it agrees with itself. Throws the first thing that is Wrong.
 */
async function verify(content, trusted, progress = () => {}) {
  const [source, file] = read(content);
  must(isObject(file) && Object.hasOwn(FIELDS, file.format), 'format', 'format');
  must(typeof file.trajectoryId === 'string', 'trajectoryId', 'missing');
  must(Array.isArray(file.publicKeys), 'publicKeys', 'missing');
  const brought = await Promise.all(file.publicKeys.map(publicKey));
  const given = await Promise.all(trusted.map(publicKey));
  const keys = given.length > 0 ? given : brought;
  const head = await checkpoint(file, keys);
  const isCase = file.format === CASE_FILE;
  const { events, result } = isCase ? await caseFile(file, head, progress) : await certificate(file, head);
  heading(file, events);
  await sealed(source, file, keys);
  return {
    ...result, isCase, isTrusted: given.length > 0, trajectory: file.trajectoryId,
    exportedAt: file.exportedAt, size: head.size, signedBy: head.signer.label,
  };
}
