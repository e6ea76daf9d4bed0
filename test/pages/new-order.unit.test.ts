import { describe, expect, it, test } from 'vitest';
import { chartOf } from '../../api/pages/app/order/order-chart.ts';
import { curlOf } from '../../api/pages/app/order/order-curl.ts';
import { bodyOf, errorsOf, fieldsFor } from '../../api/pages/app/placing/new-order-fields.ts';
import { faultsOf } from '../../api/pages/app/placing/price.tsx';
import { matching } from '../../api/pages/app/services/service-search.tsx';
import { V1Problem } from '../../api/pages/v1.ts';
import type { Service } from '../../client/openapi.ts';
import { SERVICE_TYPES } from '../../domain/catalogue/service-types.ts';
import type { ErrorCode } from '../../domain/errors.ts';

const service = (more: Partial<Service> = {}): Service => ({
  id: 7,
  name: 'Instagram followers',
  category: 'Instagram',
  type: 'Default',
  rate: '0.9',
  currency: 'USD',
  min: 10,
  max: 100_000,
  unlimitedPosts: null,
  dripFeed: true,
  cancel: true,
  refillDays: 0,
  linkPattern: null,
  step: 1,
  duplicateLink: 'allow',
  ...more,
});

const formOf = (fields: Readonly<Record<string, string>>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

describe('the form of a new order', () => {
  it('has the fields of the service’s type, each once', () => {
    for (const type of Object.keys(SERVICE_TYPES)) {
      const names = fieldsFor(service({ type })).map(({ name }) => name);
      expect([type, new Set(names).size]).toEqual([type, names.length]);
    }
    const names = fieldsFor(service({ type: 'Custom Comments' })).map(({ name }) => name);
    expect(names).toEqual(['link', 'comments', 'scheduledAt', 'maxCharge', 'reference']);
  });

  it('becomes the body of POST /v1/orders', () => {
    const form = formOf({
      link: 'https://example.com',
      quantity: '100',
      runs: '3',
      interval: '60',
      scheduledAt: '2026-12-01T10:00',
    });
    expect(bodyOf(7, form)).toEqual({
      body: {
        service: 7,
        link: 'https://example.com',
        quantity: 100,
        dripFeed: { runs: 3, intervalMinutes: 60 },
        scheduledAt: '2026-12-01T10:00:00.000Z',
      },
    });
  });

  it('takes a number with its digits grouped, as the page writes it', () => {
    const quantityOf = (quantity: string) => {
      const read = bodyOf(7, formOf({ quantity }));
      return 'errors' in read ? read.errors.quantity : read.body.quantity;
    };
    expect(['1,000', '50 000', '1,234,567'].map(quantityOf)).toEqual([1_000, 50_000, 1_234_567]);
    for (const text of ['1,00', '1,0000', ',100', '1.5']) expect(quantityOf(text)).toBe('must be a whole number');
  });

  it('with text where a number belongs is not sent', () => {
    expect(bodyOf(7, formOf({ quantity: '1e3', runs: '2' }))).toEqual({
      errors: { quantity: 'must be a whole number', interval: 'is needed for more than one run' },
    });
  });

  it('shows each refusal beside its field, and others above the form', () => {
    const refused = (code: ErrorCode, detail: string, errors?: { path: string; message: string }[]) =>
      errorsOf(
        new V1Problem({
          type: '',
          title: 'A title',
          status: 422,
          detail,
          code,
          request_id: '',
          ...(errors && { errors }),
        }),
        fieldsFor(service()),
      );
    expect(refused('quantity_below_min', 'the minimum is 10')).toEqual({ quantity: 'A title: the minimum is 10' });
    expect(refused('insufficient_funds', 'A title')).toEqual({ '': 'A title' });
    expect(refused('invalid_comments', 'A title')).toEqual({ '': 'A title' });
    const paths = [
      { path: 'dripFeed.runs', message: 'too many' },
      { path: 'odd', message: 'is odd' },
    ];
    expect(refused('invalid_request', '', paths)).toEqual({ runs: 'too many', '': 'odd: is odd' });
  });
});

test('a field that is still empty is no fault yet', () => {
  const fault = (path: string | null) => ({
    code: 'invalid_request' as const,
    path,
    title: 'A title',
    detail: 'a detail',
  });
  const errors = [fault('quantity'), fault('link'), fault('dripFeed'), fault(null)];
  const form = formOf({ quantity: '3', runs: '2' });
  expect(faultsOf({ errors }, form).map(({ path }) => path)).toEqual(['quantity', 'dripFeed', null]);
});

test('a search finds services that have every word', () => {
  const services = [service(), service({ id: 8, name: 'TikTok views', category: 'TikTok' })];
  expect(matching(services, 'FOLLOW insta').map(({ id }) => id)).toEqual([7]);
  expect(matching(services, '8').map(({ id }) => id)).toEqual([8]);
  expect(matching(services, '')).toHaveLength(2);
});

test('a chart has one point for each time, with gaps where a line has none', () => {
  const planned = [1, 2].map((run) => ({ run, dueAt: `2026-11-27T0${run}:00:00.000Z`, quantity: 5, total: run * 5 }));
  const samples = [{ batch: 1, at: '2026-11-27T01:30:00.000Z', delivered: 5, total: 5 }];
  const { times, series } = chartOf({ planned, samples });
  expect(times.map((at) => new Date(at * 1_000).toISOString().slice(11, 16))).toEqual(['01:00', '01:30', '02:00']);
  expect(series.map(({ name, values }) => [name, values])).toEqual([
    ['Delivered', [null, 5, null]],
    ['Planned', [5, null, 10]],
  ]);
});

test('a command for a shell keeps every character of a link', () => {
  const order = {
    id: 5,
    service: 7,
    link: "https://example.com/it's$(x)",
    quantity: 10,
    runs: 1,
    intervalMinutes: null,
    scheduledAt: null,
    reference: null,
    metadata: {},
  };
  const text = curlOf('https://desk.example', order, 'Default');
  expect(text).toContain(`-d '{"service":7,"link":"https://example.com/it'\\''s$(x)","quantity":10}'`);
});

test('a command that orders the same again has every field of the order', () => {
  const order = {
    ...{ id: 5, service: 7, link: 'https://example.com/p', quantity: 2, runs: 3, intervalMinutes: 60 },
    scheduledAt: '2026-12-01T10:00:00.000Z',
    reference: "Ann's",
    metadata: { campaign: 'May' },
    fields: { comments: "It's good\nVery $good" },
  };
  const bodyIn = (type: string, given: Parameters<typeof curlOf>[1] = order) => {
    const [, quoted = ''] = /-d '(.*)'$/.exec(curlOf('https://desk.example', given, type)) ?? [];
    return JSON.parse(quoted.replaceAll("'\\''", "'"));
  };
  expect(bodyIn('Custom Comments')).toEqual({
    ...{ service: 7, link: 'https://example.com/p', quantity: 2, dripFeed: { runs: 3, intervalMinutes: 60 } },
    scheduledAt: '2026-12-01T10:00:00.000Z',
    reference: "Ann's",
    metadata: { campaign: 'May' },
    comments: "It's good\nVery $good",
  });
  const followed = { username: 'ann', min: '10', max: '20', delay: '0', posts: '5' };
  const subscription = { ...order, link: 'ann', runs: 1, fields: followed };
  expect(bodyIn('Subscriptions', subscription)).not.toHaveProperty('link');
  expect(bodyIn('Subscriptions', subscription)).toMatchObject(followed);
});
