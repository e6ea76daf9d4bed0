import { beforeAll, describe, expect, it } from 'vitest';
import { CUSTOMER_PAGES } from '../../api/pages/app/index.ts';
import { STAFF_PAGES } from '../../api/pages/ops/index.ts';
import { type ApiDocument, sampleAnswer } from '../support/pages/sample-answers.ts';
import { readDocument, sampleDesk } from '../support/pages/sample-desk.ts';
import { hiddenFields } from '../support/worlds/visitor.ts';

type Fields = Readonly<Record<string, string>>;

/** Refusals of REST v1: after the first one the form may still be carried out, after the second one it was decided. */
const UNKNOWN = { status: 503, code: 'outcome_unknown' };
const DECIDED = { status: 409, code: 'not_possible' };

let document: ApiDocument;
beforeAll(async () => {
  document = await readDocument();
});

const sampleOf = (route: string) =>
  sampleAnswer(document, route, { word: 0, flag: true, isNull: false }) as Record<string, unknown>;

/** An order that waits for a person, since a time. */
const waitingOrder = (since: string) => ({
  ...sampleOf('GET /v1/admin/orders/:id'),
  attention: 'uncertain',
  review: { since, by: null, why: null, actions: ['attach', 'notPlaced', 'cancel'] },
});

interface Asked {
  readonly address: string;
  /** The route of v1 that refuses the form. */
  readonly route: string;
  readonly refusal: { readonly status: number; readonly code: string };
  /** Since when the order waits, once the form was refused; else as before. */
  readonly waitsSince?: string;
}

/** A page whose form v1 refuses, for one signed-in person. */
function openPage({ address, route, refusal, waitsSince = '2026-11-01T00:00:00Z' }: Asked) {
  let since = '2026-11-01T00:00:00Z';
  const desk = address.startsWith('/app') ? 'app' : 'ops';
  const shown = sampleDesk(desk, desk === 'app' ? CUSTOMER_PAGES : STAFF_PAGES, async (asked = '', request) => {
    const body = request.method === 'POST' ? ((await request.clone().json()) as { dryRun?: boolean }) : {};
    const isDryRun = body.dryRun === true;
    if (asked === route && !isDryRun) {
      since = waitsSince;
      const problem = { type: 'about:blank', title: 'Refused', detail: 'why', request_id: 'r-1', ...refusal };
      return Response.json(problem, { status: refusal.status });
    }
    if (asked === 'GET /v1/admin/orders/:id') return waitingOrder(since);
    const answer = sampleOf(asked);
    if (asked !== 'GET /v1/orders/:id/reorder') return answer;
    const [candidate] = (answer as { data: object[] }).data;
    return { data: [1, 2].map((service) => ({ ...candidate, service })) };
  });
  const formOn = (html: string, what?: string): Record<string, string> => {
    const forms = html.split('<form').filter((one) => one.includes('name="key"'));
    return hiddenFields(forms.find((one) => what === undefined || one.includes(`name="do" value="${what}"`)) ?? '');
  };
  /** Fills in the form that asks for `what`, sends it, and returns the key that it was sent with beside the answer. */
  async function send({ do: what, ...typed }: Fields) {
    const fields = formOn(await (await shown.request(address)).text(), what);
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...fields, ...typed })) form.set(name, value);
    const answer = await shown.request(address, { method: 'POST', body: form });
    const html = await answer.text();
    return { status: answer.status, html, keys: [fields.key, formOn(html, what).key] };
  }
  return { send };
}

/** A form of each page with an act that may be left unknown: what is typed, and how the page shows it again. */
const FORMS = [
  {
    name: 'a decision about an order',
    address: '/ops/decide/1',
    route: 'POST /v1/admin/orders/:id/resolve',
    typed: { action: 'attach', providerOrder: 'found-17', reason: 'seen at the panel' },
    shows: [
      /name="action" value="attach"[^>]* checked/,
      /value="found-17"/,
      /name="reason"[^>]* value="seen at the panel"/,
    ],
  },
  {
    name: 'a decision about many orders',
    address: '/ops/decide?of=selected&id=1&action=cancel',
    route: 'POST /v1/admin/reviews/resolve',
    typed: { reason: 'seen at the panel' },
    shows: [/name="reason"[^>]* value="seen at the panel"/],
  },
  {
    name: 'an action on many orders',
    address: '/ops/orders/act?of=selected&id=1&action=cancel',
    route: 'POST /v1/admin/orders/actions',
    typed: { reason: 'the provider closes' },
    shows: [/name="reason"[^>]* value="the provider closes"/],
  },
  {
    name: 'a decision about held corrections',
    address: '/ops/providers/1/held?decision=drop&of=all',
    route: 'POST /v1/admin/providers/:id/held-corrections/drop',
    typed: { reason: 'a mistake' },
    shows: [/name="reason"[^>]* value="a mistake"/],
  },
  {
    name: "an action on a customer's order",
    address: '/app/orders/1',
    route: 'POST /v1/orders/:id/pause',
    typed: { do: 'pause', reason: 'the profile is private' },
    shows: [/<details class="act" open="">/, /id="pause-reason"[^>]* value="the profile is private"/],
  },
  {
    name: 'the rest of an order',
    address: '/app/orders/1',
    route: 'POST /v1/orders/:id/reorder',
    typed: { do: 'reorder', service: '2' },
    shows: [/<details class="act" open="">/, /<option value="2" selected/],
  },
] as const;

describe.each(FORMS)('$name', ({ address, route, typed, shows }) => {
  it('whose outcome is not known is shown again with what was typed, and with the same key', async () => {
    const { html, keys } = await openPage({ address, route, refusal: UNKNOWN }).send(typed);
    for (const part of shows) expect(html).toMatch(part);
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
    // Live parts would empty the form.
    expect(html).not.toContain('data-live');
  });

  it('that was refused keeps what was typed, and gets another key', async () => {
    const { html, keys } = await openPage({ address, route, refusal: DECIDED }).send(typed);
    for (const part of shows) expect(html).toMatch(part);
    expect(keys[1]).toMatch(/^[\da-f-]{36}$/);
    expect(keys[1]).not.toBe(keys[0]);
  });
});

it('a decision that was refused is emptied when the order waits for something else by now', async () => {
  const [form] = FORMS;
  for (const refusal of [UNKNOWN, DECIDED]) {
    const page = openPage({ ...form, refusal, waitsSince: '2026-11-02T00:00:00Z' });
    const { status, html, keys } = await page.send(form.typed);
    expect(status).toBe(409);
    expect(html).toContain('It is now ');
    expect(html).not.toMatch(/found-17|seen at the panel|checked=""/);
    expect(keys[1]).not.toBe(keys[0]);
  }
});
