// The sliders of the replay. Each instant of recording is asked for once; every day of it is folded
// here from the changes of its steps, as crates/web/src/screens/replay/fold.rs does.

const at = id => document.getElementById(id);
const form = document.querySelector('form.clocks');
const json = (id, from = document) => JSON.parse(from.getElementById(id).textContent);

if (form) {
  const words = json('words');
  const days = form.dataset.days.split(' ');
  const instants = form.dataset.instants.split(' ').filter(Boolean);
  const last = instants.length - 1;
  const [step, known] = [at('step'), at('known')];
  /** The changes and the list of steps of each instant, by the number of its stop. */
  const asKnown = new Map([[Number(known.value), { changes: json('changes'), list: at('steps') }]]);

  /** The state at the end of a day. */
  const fold = (changes, day) => {
    const state = { phase: words.none, obligations: [], nuisance: new Map(), until: words.none };
    for (const [on, what, ...rest] of changes) {
      if (on > day) break;
      if (what === 'phase') [state.phase] = rest;
      if (what === 'until') state.until = inWords(rest[0]);
      if (what === 'nuisance') state.nuisance.set(rest[0], rest[1]);
      if (what === 'open') {
        const [rule, start, due, text] = rest;
        state.obligations.push({ rule, start, due, text, settled: null });
      }
      if (what === 'settle') {
        const [rule, start, due, from, to] = rest;
        const such = state.obligations.filter(one => one.rule === rule && one.start === start && one.settled === from);
        const one = such.find(one => one.due === due) ?? such[0];
        if (one) [one.settled, one.due] = [to, due];
      }
    }
    for (const one of state.obligations) {
      one.status = one.settled ?? (one.due && one.due < day ? 'overdue' : 'due');
    }
    return state;
  };

  const inWords = day => {
    const [year, month, of] = day.split('-').map(Number);
    return `${of} ${words.months[month - 1]} ${year}`;
  };
  const made = (name, text, className = '') => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...[text].flat());
    return element;
  };
  const time = day => { const element = made('time', inWords(day)); element.dateTime = day; return element; };
  const tag = (text, kind) => made('span', text, `tag ${kind}`);

  /** The rows of a state: the name and the value of each. */
  const rows = state => [
    [words.phase, state.phase],
    ...words.counted.map(([code, name]) => [name, String(state.obligations.filter(one => one.status === code).length)]),
    [words.nuisance, [...state.nuisance].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value).join(', ') || words.none],
    [words.followUp, state.until],
  ];

  const key = one => `${one.due} ${one.text}`;
  const openOf = state => state.obligations.filter(one => !one.settled)
    .sort((one, other) => (one.due ?? '9').localeCompare(other.due ?? '9'));

  const show = (day, state, now) => {
    const there = now && rows(now);
    const list = made('dl', rows(state).flatMap(([name, value], at) => {
      const differs = there && there[at][1] !== value;
      return [made('dt', name), made('dd', differs ? [`${value} `, tag(words.otherwise, 'soon')] : value)];
    }));
    const known = now && new Set(openOf(now).map(key));
    const open = openOf(state).map(one => made('li', [
      one.text, ...(one.due ? [`, ${words.by} `, time(one.due)] : []),
      ...(one.status === 'overdue' ? [' ', tag(words.late, 'late')] : []),
      ...(known && !known.has(key(one)) ? [' ', tag(words.otherwise, 'soon')] : []),
    ]));
    at('standing').replaceChildren(
      made('h2', [`${words.state} `, time(day)]), list, made('h3', words.open),
      open.length ? made('ul', open) : made('p', words.nothing),
    );
  };

  /** Marks what happened on the day, and dims what is still to come. */
  const mark = (list, day) => {
    const steps = [...list.children];
    const present = steps.map(step => step.dataset.day).filter(on => on <= day).at(-1);
    for (const step of steps) {
      const on = step.dataset.day;
      step.className = on > day ? 'then' : on === present ? 'now' : '';
    }
    // Within the list: the page itself does not move under the slider.
    const first = steps.find(step => step.className === 'now');
    const box = list.parentElement;
    if (first) box.scrollTop += first.getBoundingClientRect().top - box.getBoundingClientRect().top;
  };

  /** The steps as they were known at an instant. A response as a document runs nothing. */
  const ask = number => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const instant = number === last ? '' : `?alone=${encodeURIComponent(instants[number])}`;
    request.open('GET', location.pathname + instant);
    request.responseType = 'document';
    request.onload = () => (request.status === 200 && request.response?.getElementById('steps')
      ? resolve({ changes: json('changes', request.response), list: document.adoptNode(request.response.getElementById('steps')) })
      : reject(new Error(String(request.status))));
    request.onerror = reject;
    request.send();
  });
  /** Each instant is asked for once, even while the answer is under way; again if that failed. */
  const stepsOf = number => {
    if (!asKnown.has(number)) {
      asKnown.set(number, ask(number));
      asKnown.get(number).catch(() => asKnown.delete(number));
    }
    return asKnown.get(number);
  };

  const label = (day, number) => {
    const instant = new Date(instants[number]);
    const clock = instant.toLocaleTimeString('nl', { timeZone: 'Europe/Amsterdam', hour: '2-digit', minute: '2-digit' });
    const date = instant.toLocaleDateString('sv', { timeZone: 'Europe/Amsterdam' });
    at('day').replaceChildren(time(day));
    at('day-of').textContent = `${words.day} ${Number(step.value) + 1} ${words.of} ${days.length}`;
    at('instant').textContent = number >= last ? words.now : `${inWords(date)} ${clock}`;
    if (last > 0) at('instant-of').textContent = `${words.moment} ${number + 1} ${words.of} ${last + 1}`;
    step.setAttribute('aria-valuetext', at('day').textContent);
    known.setAttribute('aria-valuetext', at('instant').textContent);
    const [back, on] = ['back', 'on'].map(value => form.querySelector(`[value=${value}]`));
    back.disabled = Number(step.value) === 0;
    on.disabled = Number(step.value) === days.length - 1;
  };

  let turn = 0;
  const update = async () => {
    const mine = ++turn;
    const [day, number] = [days[Number(step.value)], Number(known.value)];
    label(day, number);
    try {
      const [shown, now] = await Promise.all([stepsOf(number), number < last ? stepsOf(last) : null]);
      if (mine !== turn) return;
      if (!shown.list.isConnected) at('steps').replaceWith(shown.list);
      mark(shown.list, day);
      show(day, fold(shown.changes, day), now && fold(now.changes, day));
    } catch { if (mine === turn) at('standing').replaceChildren(made('p', words.failed)); }
  };

  step.addEventListener('input', update);
  known.addEventListener('input', update);
  form.addEventListener('submit', event => {
    const { value } = event.submitter ?? {};
    event.preventDefault();
    if (value === 'back') step.value = Number(step.value) - 1;
    if (value === 'on') step.value = Number(step.value) + 1;
    if (value === 'now') [step.value, known.value] = [days.length - 1, Math.max(last, 0)];
    update();
  });
  // With the sliders this button has no use.
  at('move').hidden = true;
  label(days[Number(step.value)], Number(known.value));
  mark(at('steps'), days[Number(step.value)]);
}
