/** The largest file that a browser checks without trouble, in bytes. */
const LARGEST = 64 * 1024 * 1024;

const at = id => document.getElementById(id);
/** The words in the language of the page: what is wrong, the places in a file, everything else. */
const WORDS = JSON.parse(at('words').textContent);
const say = (name, count = '') => WORDS.says[name].replace('{}', count);

/** A place of the file in words: its kind, and the number or id after it. */
function place(of) {
  const kind = Object.keys(WORDS.places).find(kind => of === kind || of.startsWith(`${kind} `));
  return kind ? WORDS.places[kind] + of.slice(kind.length) : of;
}

function show(kind, title, ...lines) {
  const box = at('verdict');
  box.className = `verdict ${kind}`;
  box.dataset.verdict = kind;
  const heading = document.createElement('h2');
  heading.textContent = title;
  box.replaceChildren(heading, ...lines);
}

function paragraph(text, className = '') {
  const made = document.createElement('p');
  [made.textContent, made.className] = [text, className];
  return made;
}

function list(rows) {
  const made = document.createElement('dl');
  for (const [name, value] of rows) {
    const [term, description] = [document.createElement('dt'), document.createElement('dd')];
    [term.textContent, description.textContent] = [say(name), value];
    made.append(term, description);
  }
  return made;
}

/** A verdict, row by row, in the order of omklap-verify. */
function rows(good) {
  const { texts } = good;
  const events = good.isCase
    ? [say('chain', good.events), good.withheld ? say('hashOnly', good.withheld) : '']
    : [say('destroyedEvents', good.events)];
  const counted = good.isCase
    ? [say('asRecorded', texts.proven), texts.onSeal ? say('onSeal', texts.onSeal) : '', say('erased', texts.erased), say('withheld', texts.withheld)]
    : [];
  const joined = parts => parts.filter(Boolean).join(', ');
  return [
    ['case', good.trajectory], ['exported', good.exportedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    good.isCase ? ['phase', Object.hasOwn(WORDS.says, good.phase) ? say(good.phase) : good.phase] : ['destroyed', good.destroyedOn],
    ['events', joined(events)],
    ...(good.isCase ? [['complete', say(good.complete ? 'nothingLater' : 'endUnknown')], ['texts', joined(counted)]] : []),
    ['ledger', say('among', good.size)], ['signedBy', good.signedBy],
  ];
}

function pronounce(good) {
  if (good.isTrusted) show('yes', say('good'), list(rows(good)));
  else show('maybe', say('itself'), paragraph(say('noKey')), paragraph(good.signedBy, 'mono'), list(rows(good)));
}

function accuse(wrong) {
  const known = wrong instanceof Wrong ? wrong : new Wrong('file', 'broken');
  at('verdict').dataset.place = known.place;
  const words = `${place(known.place)}: ${WORDS.wrong[known.what]} ${known.about}`.trim();
  show('no', say('bad'), paragraph(words[0].toUpperCase() + words.slice(1)));
}

/** Whether this browser can check signatures at all. */
async function canVerify() {
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32).fill(0, 1).fill(1, 0, 1), 'Ed25519', false, ['verify']);
    return true;
  } catch { return false; }
}

/** What hinders a check before it begins, as the name of a saying. */
async function hindrance(file, keys) {
  if (!file) return 'choose';
  if (!await canVerify()) return 'oldBrowser';
  if (file.size > LARGEST) return 'tooBig';
  const read = await Promise.allSettled(keys.map(publicKey));
  return read.some(({ status }) => status === 'rejected') ? 'keyBad' : null;
}

async function check() {
  const [file] = at('file').files;
  const keys = at('keys').value.split('\n').map(line => line.trim()).filter(Boolean);
  delete at('verdict').dataset.place;
  const why = await hindrance(file, keys);
  if (why) { show('cannot', say('cannot'), paragraph(say(why, Math.round((file?.size ?? 0) / 1e6)))); return; }
  let content;
  try { content = new Uint8Array(await file.arrayBuffer()); } catch {
    show('cannot', say('cannot'), paragraph(say('unread')));
    return;
  }
  let shown = 0;
  const progress = (done, all) => {
    if (performance.now() - shown < 250) return;
    shown = performance.now();
    at('verdict').replaceChildren(paragraph(`${say('busy')} ${done} ${say('of')} ${all}`));
  };
  await verify(content, keys, progress).then(pronounce, accuse);
}

// Without this module the button does nothing, and says so by being off.
at('check').disabled = false;
at('check').addEventListener('click', async ({ currentTarget: button }) => {
  button.disabled = true;
  try { await check(); } finally { button.disabled = false; button.focus(); }
});
