import { afterAll, beforeAll, expect, test } from 'vitest';
import { STAFF_PAGES } from '../../api/pages/ops/index.ts';
import { V1_ROUTES } from '../../api/v1/index.ts';
import { createKey, SCOPES, type Scope } from '../../db/account/accounts.ts';
import { createBulkOrders } from '../../db/placement/bulk-orders.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openVisitor } from '../support/worlds/visitor.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/** An operation of the OpenAPI document and how to call it. */
interface Operation {
  readonly route: string;
  readonly method: string;
  readonly path: string;
}

const PROBLEM_FIELDS = ['code', 'detail', 'request_id', 'status', 'title', 'type'];

let world: World;
let api: ServedApi;
let operations: Operation[];
/** Ids of the first account's objects, by the beginning of the path: one for every kind of object in a path. */
let owned: Record<string, string>;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi({ ...world, rates: { ADDRESS_LIMIT_BURST: 10_000 } });
  const shop = await world.shop();
  const request = { service: shop.service, link: 'https://example.com/p/1', quantity: 10 };
  const list = await createBulkOrders(world.sql, shop.account, 'a list', [{ line: 1, request }]);
  // The first matching beginning counts.
  const { key, id: keyId } = await createKey(world.sql, { accountId: shop.account, name: 'owner' });
  const webhook = { key, body: { url: 'http://127.0.0.1:9/hook' }, idempotencyKey: 'a webhook' };
  const view = { body: { name: 'open', query: 'status=open' }, idempotencyKey: 'a view' };
  owned = {
    '/v1/orders/batch/': String(list),
    '/v1/orders/': String(await shop.order()),
    '/v1/keys/': String(keyId),
    '/v1/views/': String((await api.v1('/v1/views', { key, ...view })).body.id),
    '/v1/webhooks/': String((await api.v1('/v1/webhooks', webhook)).body.id),
  };
  const { body } = await api.v1('/openapi.json');
  operations = Object.entries(body.paths as Record<string, object>)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        route: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        method: method.toUpperCase(),
        path,
      })),
    );
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const scopeOf = ({ route }: Operation) => V1_ROUTES.get(route)?.scope;
const withKey = () => operations.filter((operation) => scopeOf(operation) !== 'signature');
const newKey = async (scopes?: readonly Scope[]): Promise<string> => {
  const { account } = await world.shop();
  return (await createKey(world.sql, { accountId: account, name: 'test', scopes })).key;
};

/** Valid bodies. For all other routes any object will do. */
const FIELDS: Readonly<Record<string, object>> = {
  'PATCH /v1/webhooks/:id': { enabled: false },
  'POST /v1/webhooks/:id/confirm': { code: 'guessed' },
  'POST /v1/webhooks/:id/replay': { event: 'evt_1' },
};

/** A call in which only the caller is wrong. */
function call({ route, method, path }: Operation, id: string, key?: string): Promise<Answer> {
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: FIELDS[route] ?? {} };
  return api.v1(path.replaceAll(/\{\w+\}/g, id), { method, key, ...body, idempotencyKey: `matrix ${method} ${path}` });
}

/** Expects a problem document with no field of any object in it. */
function expectRefusal(operation: Operation, answer: Answer, status: number): void {
  expect([operation.route, answer.status]).toEqual([operation.route, status]);
  expect(Object.keys(answer.body).sort()).toEqual(PROBLEM_FIELDS);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

test('the document has every route, and asks a key of each that needs one', async () => {
  expect(operations.map(({ route }) => route).sort()).toEqual([...V1_ROUTES.keys()].sort());
  expect(operations.length).toBeGreaterThan(25);
});

test('no key, or one that is wrong, expired or revoked, opens no route', async () => {
  const expired = await newKey([...SCOPES]);
  const revoked = await newKey([...SCOPES]);
  await world.sql`update api_keys set expires_at = now() - interval '1 second' where prefix = ${expired.slice(3, 15)}`;
  await world.sql`update api_keys set revoked_at = now() where prefix = ${revoked.slice(3, 15)}`;
  for (const key of [undefined, 'wrong', expired, revoked]) {
    for (const operation of withKey()) expectRefusal(operation, await call(operation, '1', key), 401);
  }
});

test('a key with every scope but the one a route needs is refused there', async () => {
  const keys = new Map<string, string>();
  for (const scope of SCOPES) keys.set(scope, await newKey(SCOPES.filter((other) => other !== scope)));
  for (const operation of withKey()) {
    const key = keys.get(scopeOf(operation) ?? '');
    expect([operation.route, key]).toEqual([operation.route, expect.any(String)]);
    expectRefusal(operation, await call(operation, owned['/v1/orders/'] ?? '', key), 403);
  }
});

test('a key with the scope of a route alone is let in there', async () => {
  const keys = new Map<string, string>();
  for (const scope of SCOPES) keys.set(scope, await newKey([scope]));
  // A stream does not end by itself.
  for (const operation of withKey().filter(({ route }) => !route.endsWith('/stream'))) {
    const { status } = await call(operation, '999999999', keys.get(scopeOf(operation) ?? ''));
    expect([operation.route, status, status < 500 && ![401, 403].includes(status)]).toEqual([
      operation.route,
      status,
      true,
    ]);
  }
});

test('no page of staff opens for a customer who is signed in', async () => {
  const customer = openVisitor(api.url);
  await customer.signIn(await newKey());
  for (const { path, post } of STAFF_PAGES) {
    const address = `/ops${path.replaceAll(/:\w+/g, '1')}`;
    const answers = [await customer.get(address), ...(post === undefined ? [] : [await customer.post(address, {})])];
    for (const { status, location } of answers)
      expect([path, status, location.startsWith('/ops/sign-in?')]).toEqual([path, 303, true]);
  }
});

test("another account's object is not there, whatever is asked of it", async () => {
  const stranger = await newKey();
  const named = withKey().filter((operation) => operation.path.includes('{') && scopeOf(operation) !== 'admin');
  const own = named.filter(({ path }) => !path.startsWith('/v1/services/'));
  expect(own.length).toBeGreaterThan(5);
  for (const operation of own) {
    const [, id] = Object.entries(owned).find(([prefix]) => operation.path.startsWith(prefix)) ?? [];
    // Add every new kind of object to `owned` above, so that this test covers it.
    expect([operation.route, id]).toEqual([operation.route, expect.any(String)]);
    expectRefusal(operation, await call(operation, id ?? '', stranger), 404);
  }
});

test('a callback that nobody signed is heard by nobody', async () => {
  const signed = operations.filter((operation) => scopeOf(operation) === 'signature');
  expect(signed).toHaveLength(1);
  for (const operation of signed) expect((await call(operation, '1')).status).toBe(401);
});
