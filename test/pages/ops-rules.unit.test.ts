import { expect, test } from 'vitest';
import { addressOf, workflowAddress } from '../../api/pages/ops/links.tsx';
import { isQuietFor, lastProgress } from '../../api/pages/ops/orders/stuck.tsx';
import { type CallRow, sumOf } from '../../api/pages/ops/providers/calls.ts';
import { isLow } from '../../api/pages/ops/providers/state.tsx';
import { effectOf, resolutionOf } from '../../api/pages/ops/queue/resolutions.ts';
import { numberOf } from '../../api/pages/queries.ts';
import type { StaffOrder } from '../../client/openapi.ts';
import { pageLink } from '../../domain/order/page.ts';

const formOf = (fields: Readonly<Record<string, string>>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

test('a decision takes only the fields that it has, and an empty number is not taken for 0', () => {
  const typed = { reason: 'seen', hours: '6', delivered: '', providerOrder: '77', batch: '2' };
  const decided = (action: string) => resolutionOf(formOf({ ...typed, action }));
  expect(decided('extend')).toEqual({ action: 'extend', reason: 'seen', hours: 6 });
  expect(decided('partial')).toEqual({ action: 'partial', reason: 'seen', delivered: Number.NaN });
  expect(decided('attach')).toEqual({ action: 'attach', reason: 'seen', batch: 2, providerOrder: '77' });
  expect(decided('notPlaced')).toEqual({ action: 'notPlaced', reason: 'seen', batch: 2 });
  expect(decided('complete')).toEqual({ action: 'complete', reason: 'seen' });
  expect(decided('delete')).toBeUndefined();
  expect(numberOf('0')).toBe(0);
});

test('what a cancel does depends on whether the order may be at a provider', () => {
  expect(effectOf('cancel', 'uncertain')).toContain('the money returns now');
  expect(effectOf('cancel', 'stalled')).toContain('money returns on its word');
});

test('a decision about orders of several attentions says what it does to each', () => {
  const cancel = effectOf('cancel', undefined);
  for (const part of ['money returns on its word', 'uncertain', 'the money returns now', 'its cost is ours'])
    expect(cancel).toContain(part);
  expect(effectOf('extend', undefined)).toMatch(/its clocks start again.*conflict.*the target is counted again/);
  expect(effectOf('extend', 'stalled')).not.toContain('counted again');
  expect(effectOf('complete', undefined)).toBe(effectOf('complete', 'review'));
});

test('an order is quiet since its last progress, or else since it started', () => {
  const batch = (progressAt: string | null) => ({ progressAt }) as StaffOrder['batches'][number];
  const startedAt = '2026-11-27T00:00:00.000Z';
  const [early, late] = ['2026-11-27T01:00:00.000Z', '2026-11-27T05:00:00.000Z'] as const;
  const now = Date.parse('2026-11-27T08:00:00.000Z');
  expect(lastProgress({ batches: [batch(late), batch(early), batch(null)] })).toBe(late);
  expect(isQuietFor({ startedAt, batches: [batch(early), batch(late)] }, 3, now)).toBe(true);
  expect(isQuietFor({ startedAt, batches: [batch(early), batch(late)] }, 4, now)).toBe(false);
  expect(isQuietFor({ startedAt, batches: [] }, 8, now)).toBe(true);
  expect(isQuietFor({ startedAt: null, batches: [] }, 1, now)).toBe(false);
});

test('calls add up, and percentiles are those of the worst hour', () => {
  const row = (p95: number | null, calls: number): CallRow => ({
    at: '2026-11-27T08:00:00.000Z',
    action: 'status',
    calls,
    answered: calls - 2,
    errors: 1,
    notSent: 1,
    noAnswer: 1,
    latencyMs: { p50: null, p95 },
  });
  expect(sumOf([row(200, 5), row(null, 7), row(90, 8)])).toMatchObject({ calls: 20, failures: 9, p50: null, p95: 200 });
  expect(sumOf([])).toMatchObject({ calls: 0, failures: 0, p95: null });
});

test('a balance is low only when both figures are known', () => {
  expect(isLow({ balance: '49.99', lowBalance: '50' })).toBe(true);
  expect(isLow({ balance: '50', lowBalance: '50' })).toBe(false);
  expect(isLow({ balance: '1', lowBalance: null })).toBe(false);
  expect(isLow({ balance: null, lowBalance: '50' })).toBe(false);
});

test('an address leaves out what is undefined, and escapes the rest', () => {
  expect(addressOf('/ops', { provider: undefined })).toBe('/ops');
  expect(addressOf('/ops/orders', { link: 'a&b=c', status: 'In progress' })).toBe(
    '/ops/orders?link=a%26b%3Dc&status=In+progress',
  );
});

test('an order and its workflow in the Temporal UI lead to each other, where the installation names the addresses', () => {
  const config = { CURRENCY: 'USD', ALLOW_LOOPBACK_URLS: false, COUNTER_URL: undefined, SMTP_URL: undefined };
  const known = { ...config, HOLDFAST_MASTER_KEY: Buffer.alloc(32), TEMPORAL_NAMESPACE: 'shop 1' };
  expect(workflowAddress(known, 10001)).toBeUndefined();
  expect(workflowAddress({ ...known, TEMPORAL_UI_URL: 'https://temporal.example.com/' }, 10001)).toBe(
    'https://temporal.example.com/namespaces/shop%201/workflows/order-10001',
  );
  expect(pageLink('https://panel.example.com', 10001)).toBe(
    '[Order 10001 with its running count](https://panel.example.com/ops/orders/10001)',
  );
});
