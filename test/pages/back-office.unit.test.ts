import { describe, expect, it } from 'vitest';
import { dayAfter, dayStart } from '../../api/pages/days.ts';
import { stateOf } from '../../api/pages/ops/alerts/alert-state.ts';
import { moneyChart, timesChart } from '../../api/pages/ops/reports/report-charts.ts';
import { marginOf } from '../../api/pages/ops/services/margin.ts';
import {
  moved,
  placeAfter,
  type RouteDraft,
  readDrafts,
  readMove,
  readUnfinished,
  textOfDraft,
} from '../../api/pages/ops/services/route-drafts.ts';
import { FIELDS, valuesOf } from '../../api/pages/ops/services/service-fields.ts';
import { pageOfAlert, pageOfSubject } from '../../api/pages/ops/subject.tsx';

describe('the margin of a route', () => {
  it.each([
    ['0.9', '0.5', '0.4', '44.44 %', false],
    ['0.00003', '0.00001', '0.00002', '66.66 %', false],
    ['1', '1', '0', '0.00 %', false],
    ['1.5', '1.6', '-0.1', '-6.66 %', true],
    ['0', '0.5', '-0.5', undefined, true],
    ['999999999.99999', '0.00001', '999999999.99998', '99.99 %', false],
  ])('of %s sold and %s paid is exactly %s', (sold, cost, amount, share, isLoss) => {
    expect(marginOf(sold, cost)).toEqual({ amount, share, isLoss });
  });

  it('is unknown while a rate is no decimal', () => {
    expect([marginOf('1', 'cheap'), marginOf('', '1')]).toEqual([undefined, undefined]);
  });
});

describe('the routes of a form', () => {
  const draft = (providerService: string): RouteDraft => ({ provider: 1, providerService, rate: '1', active: true });
  const routes = ['a', 'b', 'c'].map(draft);
  const pressed = (text: string) => {
    const move = readMove(text);
    return (
      move && [
        moved(routes, move)
          .map(({ providerService }) => providerService)
          .join(''),
        placeAfter(move),
      ]
    );
  };

  it('move up and down by one place, and not beyond an end', () => {
    expect(['up-2', 'down-2', 'up-1', 'down-3'].map(pressed)).toEqual([
      ['bac', 1],
      ['acb', 3],
      ['abc', 0],
      ['abc', 4],
    ]);
  });

  it('are removed one at a time, and a place that does not exist changes nothing', () => {
    expect([pressed('remove-1'), pressed('remove-9'), pressed('up-9')]).toEqual([
      ['bc', undefined],
      ['abc', undefined],
      ['abc', 8],
    ]);
  });

  it('are read in their order, without the empty row', () => {
    const form = new FormData();
    for (const [name, value] of [
      ['provider-1', '7'],
      ['service-1', ' 42 '],
      ['rate-1', '0.5'],
      ['active-1', 'yes'],
      ['provider-2', '8'],
      ['service-2', ''],
      ['rate-2', 'x'],
      ['provider-3', ''],
    ] as const)
      form.set(name, value);
    expect(readDrafts(form)).toEqual([
      { provider: 7, providerService: '42', rate: '0.5', active: true },
      { provider: 8, providerService: '', rate: 'x', active: false },
    ]);
    expect(readUnfinished(form)).toBeUndefined();
    form.set('rate-3', '0.4');
    const unfinished = { provider: 0, providerService: '', rate: '0.4', active: false };
    expect(readUnfinished(form)).toEqual(unfinished);
    expect(readDrafts(form)).toHaveLength(2);
    expect(textOfDraft(unfinished)).toBe('no provider, no service, rate 0.4, not used');
  });

  it('are moved by no other words', () => {
    expect(['left-1', 'up-0', 'up-100', 'up-', '', 'up-1 '].map(readMove)).toEqual(Array(6).fill(undefined));
  });
});

it('the texts of a service’s form become the values of v1', () => {
  const fields = FIELDS.filter(({ name }) =>
    ['name', 'min', 'dripFeed', 'cancel', 'linkPattern', 'counterUrl', 'ignoredLinkParameters'].includes(name),
  );
  const texts = new Map([
    ['name', '5'],
    ['min', '10'],
    ['dripFeed', 'yes'],
    ['linkPattern', '^a'],
    ['ignoredLinkParameters', 'ref, campaign'],
  ]);
  expect(valuesOf(fields, texts)).toEqual({
    values: {
      name: '5',
      min: 10,
      dripFeed: true,
      cancel: false,
      linkPattern: '^a',
      counterUrl: null,
      ignoredLinkParameters: ['ref', 'campaign'],
    },
  });
  for (const wrong of ['', '1.5', '-1', '1e3', '9'.repeat(16)]) {
    expect(valuesOf(fields, new Map([['min', wrong]]))).toEqual({ errors: { min: 'must be a whole number' } });
  }
});

it('an alert is new until staff acknowledge it, and out of sight while it is snoozed', () => {
  const none = { resolvedAt: null, snoozedUntil: null, acknowledgedAt: null };
  const [at, now] = ['2026-11-27T10:00:00Z', Date.parse('2026-11-27T09:00:00Z')];
  expect(stateOf(none, now)).toBe('new');
  expect(stateOf({ ...none, acknowledgedAt: at }, now)).toBe('acknowledged');
  expect(stateOf({ ...none, acknowledgedAt: at, snoozedUntil: at }, now)).toBe('snoozed');
  expect(stateOf({ ...none, snoozedUntil: at }, now + 3_600_000)).toBe('new');
  expect(stateOf({ resolvedAt: at, snoozedUntil: at, acknowledgedAt: at }, now)).toBe('ended');
});

it('the subjects of alerts and of the audit log lead to their pages', () => {
  const pages = {
    'order:10001': '/ops/orders/10001',
    'provider:3': '/ops/providers/3',
    'word:3:Odd: 4': '/ops/providers/3',
    'route:7-2': '/ops/services/7',
    'service:7': '/ops/services/7',
    'accounts/1001/keys': '/ops/accounts/1001',
    'orders/10001/resolve': '/ops/orders/10001',
    accounts: undefined,
    'orders/actions': undefined,
    'wallet:1001': undefined,
    'xorder:1': undefined,
  };
  for (const [subject, page] of Object.entries(pages))
    expect([subject, pageOfSubject(subject)]).toEqual([subject, page]);
  expect(pageOfAlert({ kind: 'provider_takes_back', subject: 'provider:3' })).toBe('/ops/providers/3/held');
  expect(pageOfAlert({ kind: 'provider_paused', subject: 'provider:3' })).toBe('/ops/providers/3');
  expect(pageOfAlert({ kind: 'ledger_drift', subject: 'ledger' })).toBe('/ops/books');
});

describe('the charts of the reports', () => {
  const money = { revenue: '1.5', cost: '2', loss: '0', margin: '-0.5' };

  it('have every day of the report, also those without money', () => {
    const data = [{ day: '2026-02-28', id: null, name: null, ...money }];
    const report = { from: '2026-02-27', to: '2026-03-02', by: 'day', currency: 'USD', asOf: null, total: money, data };
    const chart = moneyChart({ ...report, by: 'day' });
    expect(chart.times.map((at) => new Date(at * 1_000).toISOString().slice(0, 10))).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
    ]);
    expect(chart.series.map(({ values }) => values)).toEqual([
      [0, 1.5, 0],
      [0, 2, 0],
      [0, -0.5, 0],
    ]);
  });

  it('have the services with the most orders, from the oldest week to now', () => {
    const at = (p50: number | null, orders = 1) => ({ orders, p50, p95: p50 });
    const week = (from: string, p50: number | null) => ({
      ...{ from, to: from },
      startSeconds: at(1),
      completedSeconds: at(p50),
    });
    const service = (id: number, orders: number, p50: number | null, before: readonly (number | null)[]) => ({
      ...{ id, name: `Service ${id}`, startSeconds: at(1), completedSeconds: at(p50, orders) },
      weeksBefore: before.map((one, index) => week(`2026-02-${String(20 - 7 * index).padStart(2, '0')}`, one)),
    });
    const data = [service(1, 5, 60, [50, null]), service(2, 9, null, [null, null]), service(3, 7, 30, [20, 10])];
    const chart = timesChart({ from: '2026-02-27', to: '2026-03-06', data });
    expect(chart?.series.map(({ name, values }) => [name, values])).toEqual([
      ['Service 3', [10, 20, 30]],
      ['Service 1', [null, 50, 60]],
    ]);
    expect(chart?.times).toHaveLength(3);
    expect(timesChart({ from: '2026-02-27', to: '2026-03-06', data: [] })).toBeUndefined();
  });
});

it('a day begins at midnight in UTC, and other text stays for v1 to judge', () => {
  expect([dayStart('2026-11-27'), dayStart('2026-11-30', 1)]).toEqual([
    '2026-11-27T00:00:00.000Z',
    '2026-12-01T00:00:00.000Z',
  ]);
  expect([dayAfter('2026-12-31', 1), dayAfter('2026-03-01', -1)]).toEqual(['2027-01-01', '2026-02-28']);
  expect([dayStart('soon'), dayStart('2026-99-99'), dayAfter(undefined, 1)]).toEqual(['soon', '2026-99-99', undefined]);
});
