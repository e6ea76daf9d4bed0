import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MeasuredRoute, rankRoutes, whyChosen } from '../../domain/dispatch/routing.ts';

type Figures = Partial<Omit<MeasuredRoute, 'preference'>>;

/** Routes in order of preference. */
const routes = (...figures: readonly Figures[]): MeasuredRoute[] =>
  figures.map((one, index) => ({ preference: index + 1, place: null, ended: 100, short: 0, p50Seconds: 100, ...one }));
/** The preferences of the ranked routes. */
const ranked = (...figures: readonly Figures[]) => rankRoutes(routes(...figures)).map(({ preference }) => preference);
/** The routes as they are when the ranking is stored. */
const stored = (all: readonly MeasuredRoute[]) => all.map((route, index) => ({ ...route, place: index + 1 }));

describe('the routes of a service that chooses the fastest', () => {
  it('are ranked by the median of their times', () => {
    expect(ranked({ p50Seconds: 900 }, { p50Seconds: 100 }, { p50Seconds: 400 })).toEqual([2, 3, 1]);
  });

  it('and by how many of their batches were delivered in full', () => {
    expect(ranked({ p50Seconds: 100, short: 90 }, { p50Seconds: 300 })).toEqual([2, 1]);
    expect(ranked({ ended: 50, short: 50, p50Seconds: null }, { p50Seconds: 300 })).toEqual([1, 2]);
  });

  it('keep their places while too few batches ended there', () => {
    expect(ranked({ p50Seconds: 900 }, { p50Seconds: 1, ended: 19 }, { p50Seconds: 100 })).toEqual([3, 2, 1]);
    expect(ranked({ p50Seconds: 900, ended: 19 }, { p50Seconds: 100 })).toEqual([1, 2]);
  });

  it('keep the order of preference where none is clearly faster', () => {
    expect(ranked({ p50Seconds: 100 }, { p50Seconds: 81 })).toEqual([1, 2]);
    expect(ranked({ p50Seconds: 100 }, { p50Seconds: 79 })).toEqual([2, 1]);
  });

  it('do not swap back until the other is as clearly faster', () => {
    expect(ranked({ p50Seconds: 100, place: 2 }, { p50Seconds: 100, place: 1 })).toEqual([2, 1]);
    expect(ranked({ p50Seconds: 81, place: 2 }, { p50Seconds: 100, place: 1 })).toEqual([2, 1]);
    expect(ranked({ p50Seconds: 79, place: 2 }, { p50Seconds: 100, place: 1 })).toEqual([1, 2]);
  });

  it('are ranked anew from the order of preference when one of them is new', () => {
    expect(ranked({ place: 2 }, { place: 1 }, { place: null, ended: 0 })).toEqual([1, 2, 3]);
  });

  it('stay as they are, all of them, when nothing has changed since they were ranked', () => {
    const route = fc.record({
      place: fc.constant(null),
      ended: fc.nat({ max: 60 }),
      short: fc.nat({ max: 60 }),
      p50Seconds: fc.option(fc.double({ min: 0.1, max: 1_000, noNaN: true })),
    });
    const shape = ({ ended, short, p50Seconds }: { ended: number; short: number; p50Seconds: number | null }) =>
      short < ended ? { ended, short, p50Seconds } : { ended, short: ended, p50Seconds: null };
    fc.assert(
      fc.property(fc.array(route, { maxLength: 8 }), (figures) => {
        const first = rankRoutes(routes(...figures.map(shape)));
        expect(first.map(({ preference }) => preference).sort()).toEqual(figures.map((_, index) => index + 1));
        expect(rankRoutes(stored(first)).map(({ preference }) => preference)).toEqual(
          first.map(({ preference }) => preference),
        );
      }),
    );
  });
});

it('an attempt says why it has its route', () => {
  const choice = { preference: 2, routes: 3, ended: 120, short: 6, p50Seconds: 84.4 };
  expect(whyChosen(null)).toBe('the first open route in order of preference');
  expect(whyChosen({ routing: 'cheapest', ...choice })).toBe('the cheapest of 3 open routes');
  expect(whyChosen({ routing: 'fastest', ...choice })).toBe(
    'the fastest of 3 open routes: the median of its times is 84 s, and 6 of its last 120 batches were not delivered in full',
  );
  expect(whyChosen({ routing: 'fastest', preference: 1, routes: 2 })).toBe(
    'the first of 2 open routes in the last ranking; too few batches ended there to measure it',
  );
  expect(whyChosen({ routing: 'cheapest', preference: 1, routes: 1 })).toBe('the only open route');
});
