import { describe, expect, it } from 'vitest';
import { EVERYTHING, LONG_FORM, planOf, SHORT_FORM } from './plan.ts';

describe('a plan of chaos', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planOf({ ...LONG_FORM, seed: 7 })).toEqual(planOf({ ...LONG_FORM, seed: 7 }));
    expect(planOf({ ...LONG_FORM, seed: 7 })).not.toEqual(planOf({ ...LONG_FORM, seed: 8 }));
  });

  it.each([SHORT_FORM, LONG_FORM])('kills each process, and all at once, in the order of time: %o', (form) => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { strikes, wishes } = planOf({ ...form, seed });
      const kills = strikes.flatMap((strike) => (strike.kind === 'kill' ? [strike.parts] : []));
      expect(kills).toHaveLength(form.kills);
      for (const part of EVERYTHING)
        expect(kills.filter((parts) => parts.length === 1 && parts[0] === part)).not.toEqual([]);
      expect(kills.some((parts) => parts === EVERYTHING)).toBe(true);
      expect(strikes.map(({ at }) => at)).toEqual(strikes.map(({ at }) => at).sort((one, other) => one - other));
      expect(Math.max(...strikes.map(({ at }) => at), ...wishes.map(({ at }) => at))).toBeLessThanOrEqual(
        form.minutes * 60_000,
      );
      expect(wishes).toHaveLength(form.orders);
      expect(new Set(wishes.map(({ link }) => link)).size).toBe(form.orders);
    }
  });

  it('kills the provider too when it is long', () => {
    const { strikes } = planOf({ ...LONG_FORM, seed: 1 });
    expect(strikes.some((strike) => strike.kind === 'kill' && strike.parts.includes('provider'))).toBe(true);
  });

  it('has every kind of order, asked for in every way', () => {
    const { wishes } = planOf({ ...LONG_FORM, seed: 1 });
    expect(new Set(wishes.map(({ channel }) => channel)).size).toBe(3);
    expect(new Set(wishes.map(({ asks }) => asks)).size).toBe(3);
    expect(wishes.some(({ runs }) => runs > 1)).toBe(true);
    expect(wishes.some(({ link }) => link.includes('partial:'))).toBe(true);
  });
});
