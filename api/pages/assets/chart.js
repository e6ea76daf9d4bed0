/* Draws tables as charts: delivery curves and reports. The table stays for those who read it. */
(() => {
  const style = getComputedStyle(document.documentElement);
  const color = (holder, name) => {
    const probe = document.createElement('i');
    probe.style.color = `var(${name})`;
    holder.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
  // A length of time by its largest unit, as the axis needs it.
  const duration = (seconds) => {
    if (seconds < 60) return `${Math.round(seconds)} s`;
    if (seconds < 3600) return `${+(seconds / 60).toFixed(1)} min`;
    return seconds < 86400 ? `${+(seconds / 3600).toFixed(1)} h` : `${+(seconds / 86400).toFixed(1)} d`;
  };
  // Steps of an axis of lengths of time.
  const LENGTHS = [1, 5, 15, 60, 300, 900, 3600, 10800, 21600, 43200, 86400, 172800, 432000, 864000];
  const drawOne = (holder) => {
    const { times, series, unit, isByDay } = JSON.parse(holder.dataset.chart);
    holder.replaceChildren();
    const [ink, line] = [color(holder, '--quiet'), color(holder, '--line')];
    const write = unit === 'seconds' ? duration : (one) => one.toLocaleString('en');
    const axis = {
      stroke: ink,
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      font: `12px ${style.fontFamily}`,
    };
    const lines = series.map(({ name, tone, stepped }) => ({
      label: name,
      stroke: color(holder, tone),
      width: 2,
      spanGaps: true,
      points: { show: times.length < 30 },
      value: (_, one) => (one == null ? '–' : write(one)),
      ...(stepped ? { paths: uPlot.paths.stepped({ align: 1 }), dash: [6, 4] } : {}),
    }));
    new uPlot(
      {
        width: holder.clientWidth,
        height: 240,
        ...(isByDay ? { tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC') } : {}),
        scales: {
          ...(isByDay && times.length === 1 ? { x: { range: (_, from) => [from - 86400, from + 86400] } } : {}),
          y: { range: (_, least, most) => [Math.min(least, 0), most > 0 || least < 0 ? most : 1] },
        },
        axes: [
          isByDay
            ? { ...axis, space: 70, incrs: [1, 2, 7, 14, 28].map((days) => days * 86400), values: '{D} {MMM}' }
            : { ...axis, space: 80 },
          { ...axis, size: 70, values: (_, all) => all.map(write), ...(unit === 'seconds' ? { incrs: LENGTHS } : {}) },
        ],
        series: [isByDay ? { label: 'Day', value: '{YYYY}-{MM}-{DD}' } : { label: 'At' }, ...lines],
      },
      [times, ...series.map(({ values }) => values)],
      holder,
    );
  };
  const draw = () => {
    for (const holder of document.querySelectorAll('[data-chart]')) drawOne(holder);
  };
  // Not before: until all scripts have run, the elements that need them are hidden, and have no width.
  document.addEventListener('DOMContentLoaded', draw);
  document.addEventListener('renewed', draw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  let timer;
  addEventListener('resize', () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 150);
  });
})();
