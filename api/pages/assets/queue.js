/* Keys of the pages of staff: j and k move through the rows, x marks, d decides, n goes on, a digit chooses an action. */
(() => {
  const rows = () => [...document.querySelectorAll('[data-rows] tbody tr')];
  const here = () => rows().find((row) => row.contains(document.activeElement));
  const opener = (row) => row?.querySelector('[data-open]');

  function move(by) {
    const all = rows();
    const at = all.indexOf(here());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    opener(all[next])?.focus();
    all[next]?.scrollIntoView({ block: 'nearest' });
  }

  /** The choice gets the focus, or else the first field that it needs, so that the next key is typed there. */
  function choose(digit) {
    const choice = document.querySelectorAll('[data-decision] input[type="radio"]')[digit - 1];
    if (!choice) return;
    choice.checked = true;
    const field = choice.closest('.choice')?.querySelector('input:not([type="radio"]), select');
    (field ?? document.querySelector('[data-decision] [name="reason"]') ?? choice).focus();
  }

  const ACTS = {
    j: () => move(1),
    k: () => move(-1),
    x: () => here()?.querySelector('input[type="checkbox"]')?.click(),
    d: () => {
      const form = document.querySelector('[data-decision] input[type="radio"]');
      if (form) form.focus();
      else (here() ?? document).querySelector('[data-decide]')?.click();
    },
    n: () => document.querySelector('[data-next]')?.click(),
  };
  const isText = (target) => target.matches?.('input:not([type="radio"], [type="checkbox"]), select, textarea');

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (isText(event.target)) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    const act = ACTS[event.key] ?? (/^[1-9]$/.test(event.key) ? () => choose(Number(event.key)) : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
