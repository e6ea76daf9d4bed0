import { beforeAll, expect, it } from 'vitest';
import { CUSTOMER_PAGES } from '../../api/pages/app/index.ts';
import { STAFF_PAGES } from '../../api/pages/ops/index.ts';
import type { Page } from '../../api/pages/page.ts';
import type { Desk } from '../../db/account/sessions.ts';
import { type PostButton, postButtons } from '../support/pages/forms.ts';
import { type ApiDocument, sampleAnswer, type Variant } from '../support/pages/sample-answers.ts';
import { readDocument, sampleDesk } from '../support/pages/sample-desk.ts';

/** What pages show depends on what v1 answers: with these answers together, every button shows. */
const VARIANTS: readonly Variant[] = [0, 1, 2].flatMap((word) =>
  [true, false].flatMap((flag) => [true, false].map((isNull) => ({ word, flag, isNull }))),
);

/** Sessions belong to the pages alone, so no route ends one. */
const WITHOUT_ROUTE = ['/sessions'];

/** Buttons that change nothing: they lead to a list, or to a page where the act is confirmed. */
const LEADS_ON = ['/app/orders find', '/app/orders copy', '/app/orders cancel'];

const isStream = ({ path }: Page): boolean => path.endsWith('/live');

let document: ApiDocument;
beforeAll(async () => {
  document = await readDocument();
});

/** What a page needs to show all its buttons. */
const QUERIES: Readonly<Record<string, string>> = {
  '/new': '?service=1',
  '/orders': '?status=Completed',
  '/orders/cancel': '?ids=1',
  '/orders/copy': '?ids=1',
};

/** The address of a page whose objects all have the id 1, as in the samples. */
const addressOf = (desk: Desk, { path }: Page): string =>
  `/${desk}${path === '/' ? '' : path.replaceAll(/:\w+/g, '1')}${QUERIES[path] ?? ''}`;

const bodyOf = ({ fields }: PostButton): FormData => {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return form;
};

/** The name of a button for the report of a test: where it goes, and what it asks for. */
const nameOf = ({ action, fields }: PostButton): string =>
  [action.split('?')[0], fields.findLast(([name]) => name === 'do')?.[1]].filter(Boolean).join(' ');

/** Each button of the pages of a desk, with the routes of v1 that change something and are called when it is pressed. */
async function pressAll(desk: Desk, pages: readonly Page[]): Promise<Map<string, Set<string | undefined>>> {
  const pressed = new Map<string, Set<string | undefined>>();
  for (const variant of VARIANTS) {
    const asked: (string | undefined)[] = [];
    const shown = sampleDesk(desk, pages, (route) => {
      asked.push(route);
      return route === undefined ? undefined : sampleAnswer(document, route, variant);
    });
    for (const page of pages.filter((one) => !isStream(one) && !WITHOUT_ROUTE.includes(one.path))) {
      const here = addressOf(desk, page);
      const html = await (await shown.request(here)).text();
      for (const button of postButtons(html, here)) {
        asked.length = 0;
        const answer = await shown.request(button.action, { method: 'POST', body: bodyOf(button) });
        expect([nameOf(button), answer.status < 400]).toEqual([nameOf(button), true]);
        const changes = asked.filter((route) => !route?.startsWith('GET '));
        pressed.set(nameOf(button), new Set([...(pressed.get(nameOf(button)) ?? []), ...changes]));
      }
    }
  }
  return pressed;
}

const withoutRoute = (pressed: ReadonlyMap<string, ReadonlySet<string | undefined>>): string[] =>
  [...pressed].filter(([, routes]) => routes.size === 0 || routes.has(undefined)).map(([button]) => button);

it('every button of the pages for customers does what a route of v1 does', async () => {
  const pressed = await pressAll('app', CUSTOMER_PAGES);
  expect(withoutRoute(pressed)).toEqual(LEADS_ON);
  expect(Object.fromEntries([...pressed].map(([button, routes]) => [button, [...routes].join()]))).toEqual({
    '/app/developers': 'POST /v1/webhooks',
    '/app/developers/webhooks/1 delete': 'DELETE /v1/webhooks/:id',
    '/app/developers/webhooks/1 disable': 'PATCH /v1/webhooks/:id',
    '/app/developers/webhooks/1 enable': 'PATCH /v1/webhooks/:id',
    '/app/developers/webhooks/1 replay': 'POST /v1/webhooks/:id/replay',
    '/app/developers/webhooks/1 rotate': 'POST /v1/webhooks/:id/rotate',
    '/app/developers/webhooks/1 test': 'POST /v1/webhooks/:id/test',
    '/app/keys make': 'POST /v1/keys',
    '/app/keys revoke': 'DELETE /v1/keys/:id',
    '/app/mass check': 'POST /v1/quotes/batch',
    '/app/mass place': 'POST /v1/orders/batch',
    '/app/mass/1': 'POST /v1/orders/batch/:id/cancel',
    '/app/new': 'POST /v1/orders',
    '/app/new/price': 'POST /v1/quotes',
    '/app/orders cancel': '',
    '/app/orders copy': '',
    '/app/orders find': '',
    '/app/orders forget': 'DELETE /v1/views/:id',
    '/app/orders refill': 'POST /v1/orders/refills',
    '/app/orders save': 'POST /v1/views',
    '/app/orders/cancel': 'POST /v1/orders/cancel',
    '/app/orders/1 cancel': 'POST /v1/orders/:id/cancel',
    '/app/orders/1 pause': 'POST /v1/orders/:id/pause',
    '/app/orders/1 refill': 'POST /v1/orders/:id/refills',
    '/app/orders/1 reorder': 'POST /v1/orders/:id/reorder',
    '/app/orders/1 resume': 'POST /v1/orders/:id/resume',
    '/app/refills refill': 'POST /v1/orders/refills',
    '/app/services unstar': 'DELETE /v1/services/:id/favourite',
  });
});

it('every button of the pages for staff does what a route of v1 does', async () => {
  expect(withoutRoute(await pressAll('ops', STAFF_PAGES))).toEqual([]);
});
