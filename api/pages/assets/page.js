/* What pages do beyond plain links and forms: times in the viewer's zone, keys, live parts, copying. */
(() => {
  document.documentElement.classList.add('has-script');

  // Times: how long ago, renewed every ten seconds, and the exact time in the viewer's zone on hover.
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });
  const booked = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  const UNITS = [
    [86400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  function duration(seconds) {
    const [size, unit] = UNITS.find(([one]) => seconds >= one) ?? UNITS[3];
    const whole = Math.floor(seconds / size);
    const [smaller, name] = UNITS[UNITS.findIndex(([one]) => one === size) + 1] ?? [1, 's'];
    const rest = size >= 3600 ? Math.floor((seconds % size) / smaller) : 0;
    return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${name}`;
  }
  function relative(at) {
    const seconds = (Date.now() - at) / 1000;
    if (Math.abs(seconds) < 10) return 'just now';
    return seconds > 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`;
  }
  function renewTimes(root = document) {
    for (const time of root.querySelectorAll('time[datetime]')) {
      const at = Date.parse(time.dateTime);
      time.title = exact.format(at);
      time.textContent = 'exact' in time.dataset ? booked.format(at) : relative(at);
    }
    for (const span of root.querySelectorAll('[data-since]')) {
      span.textContent = duration(Math.max((Date.now() - Date.parse(span.dataset.since)) / 1000, 0));
    }
  }
  renewTimes();
  setInterval(() => renewTimes(), 10_000);
  document.addEventListener('htmx:after:swap', () => renewTimes());

  // On a phone the menu scrolls sideways.
  document.querySelector('.top [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

  // Keys.
  const search = () => document.querySelector('[data-search]');
  const isTyping = (target) =>
    target.matches?.('input:not([type="checkbox"], [type="radio"]), select, textarea, [contenteditable]');
  const help = () => document.getElementById('help')?.showModal();
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && event.target === search()) {
      event.target.value = '';
      event.target.blur();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === '/' && search()) {
      event.preventDefault();
      search().focus();
    }
    if (event.key === '?') help();
  });
  document.addEventListener('click', ({ target }) => {
    if (target.closest?.('[data-opens-help]')) help();
  });

  // The notice of a form that led here is read aloud, unless the page has another place for the focus.
  if (!document.querySelector('[autofocus]'))
    document.querySelector('main > .notice[tabindex]')?.focus({ preventScroll: true });

  document.addEventListener('change', ({ target }) => {
    if (!target.matches?.('[data-selects]')) return;
    for (const box of document.querySelectorAll(`input[name="${target.dataset.selects}"]`))
      box.checked = target.checked;
  });
  document.addEventListener('click', async ({ target }) => {
    const button = target.closest?.('[data-copies]');
    if (!button) return;
    // A field has a value, which is what it shows now.
    const { value, textContent } = document.querySelector(button.dataset.copies);
    await navigator.clipboard.writeText(value ?? textContent);
    button.textContent = 'Copied';
  });

  // A form that is being sent is not sent again by a second click. The server recognises a repeat, too. A download leaves the page
  // as it is, so its button stays usable.
  document.addEventListener('submit', ({ target, submitter }) => {
    if (target.method !== 'post' || (submitter && 'downloads' in submitter.dataset)) return;
    setTimeout(() => {
      if (submitter) submitter.disabled = true;
    });
  });
  addEventListener('pageshow', () => {
    for (const button of document.querySelectorAll('button:disabled:not([data-stays])')) button.disabled = false;
  });

  // Live parts: the server sends elements with ids, which replace what is shown. Only what differs is touched, so that a focus,
  // a mark and an opened part stay as they are.
  function renew(shown, next) {
    if (shown.isEqualNode(next)) return;
    const isAlike =
      shown.nodeType === Node.ELEMENT_NODE &&
      shown.tagName === next.tagName &&
      shown.childNodes.length === next.childNodes.length;
    if (!isAlike) return void shown.replaceWith(next);
    for (const { name } of [...shown.attributes])
      if (!next.hasAttribute(name) && name !== 'open') shown.removeAttribute(name);
    for (const { name, value } of next.attributes)
      if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
    const children = [...next.childNodes];
    for (const [index, child] of [...shown.childNodes].entries()) renew(child, children[index]);
  }
  function show(html) {
    const template = document.createElement('template');
    template.innerHTML = html;
    renewTimes(template.content);
    for (const next of [...template.content.children]) {
      const shown = document.getElementById(next.id);
      if (shown) renew(shown, next);
    }
    // A chart is drawn anew, because its element came empty.
    document.dispatchEvent(new Event('renewed'));
  }
  const live = document.querySelector('[data-live]');
  if (live) {
    const say = (state, text) => {
      if (live.dataset.state === state) return;
      live.dataset.state = state;
      live.textContent = text;
    };
    const [FIRST_WAIT, LONGEST_WAIT] = [10_000, 60_000];
    let wait = FIRST_WAIT;
    let source;
    let away;
    let next;
    function connect() {
      source = new EventSource(live.dataset.live);
      source.addEventListener('open', () => {
        clearTimeout(away);
        away = undefined;
        wait = FIRST_WAIT;
        say('open', 'live');
      });
      source.addEventListener('error', () => {
        // Each stream ends after some minutes, and the next one is there within seconds: that is no news.
        away ??= setTimeout(() => say('lost', 'reconnecting…'), 5_000);
        if (source.readyState !== EventSource.CLOSED) return;
        // The browser gives up on an answer that is no stream: a server that is busy gives one for a while, and a session that has
        // ended gets one until the page is reloaded.
        clearTimeout(away);
        say('over', 'not live: reload the page');
        next = setTimeout(connect, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
      });
      source.addEventListener('parts', ({ data }) => show(data));
    }
    connect();
    addEventListener('pagehide', () => {
      clearTimeout(next);
      source.close();
    });
    addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  }
})();
