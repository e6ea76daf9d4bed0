import { describe, expect, it } from 'vitest';
import { favouritesFirst } from '../../api/pages/app/services/favourites.tsx';
import { TimesCurve } from '../../api/pages/app/services/times-read.tsx';
import { markupOf } from '../../api/pages/view/document.ts';
import { linesThrough } from '../../api/pages/view/sparkline.tsx';

describe('a small curve', () => {
  it('has its largest value at the top and zero at the bottom', () => {
    expect(linesThrough([0, 50, 100])).toEqual([
      [
        { x: 2, y: 20 },
        { x: 42, y: 11 },
        { x: 82, y: 2 },
      ],
    ]);
  });

  it('is broken where nothing was measured, and draws nothing for nothing', () => {
    expect(linesThrough([1, null, 1, 1]).map(({ length }) => length)).toEqual([1, 2]);
    expect([linesThrough([null, null]), linesThrough([])]).toEqual([[], []]);
    expect(linesThrough([0, 0])[0]?.map(({ y }) => y)).toEqual([20, 20]);
  });
});

it('the curve of a service says in words what it shows, and needs two days', async () => {
  const day = (day: string, p50: number) => ({ day, completed: 1, p50 });
  const of = new Map([
    [1, [day('2026-11-25', 60), day('2026-11-26', 7_200), day('2026-11-27', 120)]],
    [2, [day('2026-11-27', 60)]],
  ]);
  const times = { days: ['2026-11-25', '2026-11-26', '2026-11-27'], of };
  const words = 'Half were Completed in 1 min on 2026-11-25, 2 min on 2026-11-27, and at most 2 h, on 2026-11-26';
  const drawn = await markupOf(<TimesCurve times={times} service={1} />);
  expect(drawn).toContain(`aria-label="${words}"`);
  expect(drawn).not.toContain('style=');
  expect([
    await markupOf(<TimesCurve times={times} service={2} />),
    await markupOf(<TimesCurve times={times} service={3} />),
  ]).toEqual(['', '']);
});

it('favourites come first, each part in its own order', () => {
  const services = [1, 2, 3, 4].map((id) => ({ id }));
  expect(favouritesFirst(services, new Set([4, 2, 9])).map(({ id }) => id)).toEqual([2, 4, 1, 3]);
});
