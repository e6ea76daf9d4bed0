import type { Delivery } from '../../../../client/openapi.ts';
import type { Chart } from '../../view/chart.ts';

/** The delivery curve, beside the plan of a drip-feed. */
export function chartOf({ samples, planned }: Pick<Delivery, 'samples' | 'planned'>): Chart {
  const delivered = new Map(samples.map(({ at, total }) => [Date.parse(at) / 1_000, total]));
  const plan = new Map(planned.map(({ dueAt, total }) => [Date.parse(dueAt) / 1_000, total]));
  const isPlanned = plan.size > 1;
  const times = [...new Set([...delivered.keys(), ...(isPlanned ? plan.keys() : [])])].sort((a, b) => a - b);
  const valuesOf = (points: ReadonlyMap<number, number>) => times.map((at) => points.get(at) ?? null);
  return {
    times,
    series: [
      { name: 'Delivered', tone: '--accent', stepped: false, values: valuesOf(delivered) },
      ...(isPlanned ? [{ name: 'Planned', tone: '--quiet', stepped: true, values: valuesOf(plan) }] : []),
    ],
  };
}
