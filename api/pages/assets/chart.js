/* Draws the table of a delivery curve as a chart. The table stays for those who read it. */
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
  const draw = () => {
    const holder = document.querySelector('[data-chart]');
    if (!holder) return;
    const { times, series } = JSON.parse(holder.dataset.chart);
    holder.replaceChildren();
    const [ink, line] = [color(holder, '--quiet'), color(holder, '--line')];
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
      ...(stepped ? { paths: uPlot.paths.stepped({ align: 1 }), dash: [6, 4] } : {}),
    }));
    new uPlot(
      {
        width: holder.clientWidth,
        height: 240,
        scales: { y: { range: (_, _least, most) => [0, Math.max(most, 1)] } },
        axes: [
          { ...axis, space: 80 },
          { ...axis, size: 70, values: (_, all) => all.map((one) => one.toLocaleString('en')) },
        ],
        series: [{ label: 'At' }, ...lines],
      },
      [times, ...series.map(({ values }) => values)],
      holder,
    );
  };
  draw();
  document.addEventListener('renewed', draw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  let timer;
  addEventListener('resize', () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 150);
  });
})();
