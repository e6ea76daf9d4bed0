import { createKey, createStaffKey } from '../../../db/account/accounts.ts';
import type { AddRequest } from '../../../dev/provider/book.ts';
import { CATALOGUE, type CatalogueService } from '../../../dev/provider/catalogue.ts';
import { serveApi } from './api.ts';
import { realWorld, type World } from './world.ts';

/** Panel API v2 over HTTP, as its clients use it, on the whole stack with the simulated provider behind it. */
export interface Contract {
  readonly world: World;
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  readonly key: string;
  /** Offers a service of this type; returns its id. */
  offer(type: string, more?: Readonly<Record<string, unknown>>): Promise<number>;
  /** One or two routes to the provider's service of this type. */
  routes(type: string, count: 1 | 2): unknown;
  /** A POST by staff, below `/v1/admin`. Returns the status of the answer. */
  staff(path: string, body: unknown): Promise<number>;
  /** Sends one call as a form and returns the raw body. Throws unless the answer is JSON with HTTP 200. */
  raw(fields: Readonly<Record<string, string>>): Promise<string>;
  /** Like `raw`, but returns the parsed JSON. */
  call(fields: Readonly<Record<string, string>>): Promise<unknown>;
  /** Places an order; returns its id. */
  add(fields: Readonly<Record<string, string>>): Promise<number>;
  /** The raw fields of the `add` that the provider got for this link or name; undefined when it got none. */
  sent(target: string): Promise<AddRequest['fields'] | undefined>;
  close(): Promise<void>;
}

export async function openContract(): Promise<Contract> {
  const world = await realWorld();
  await world.startWorkers();
  const api = await serveApi(world);
  const shop = await world.shop({ balance: '100000' });
  const { key } = await createKey(world.sql, { accountId: shop.account, name: 'client' });
  const { key: staff } = await createStaffKey(world.sql);
  let made = 0;

  const askStaff = (path: string, body: unknown) =>
    api.v1(`/v1/admin${path}`, { key: staff, body, idempotencyKey: `contract-${++made}` });
  const make = async (path: string, body: unknown): Promise<number> => {
    const answer = await askStaff(path, body);
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.id as number;
  };
  const upstream = (name: string) =>
    make('/providers', { name, url: world.provider.apiUrl, key: world.provider.key, pollSeconds: 1 });
  // The same panel under two names, so that a second route exists when the first refuses.
  const providers = [await upstream('upstream'), await upstream('another')];

  const boughtAs = (type: string): CatalogueService => {
    const bought = CATALOGUE.find((one) => one.type === type);
    if (bought === undefined) throw new Error(`the provider sells nothing of type ${type}`);
    return bought;
  };
  const routes: Contract['routes'] = (type, count) => {
    const { service, rate } = boughtAs(type);
    return providers.slice(0, count).map((provider) => ({ provider, providerService: service, rate }));
  };
  const raw: Contract['raw'] = async (fields) => {
    const body = new URLSearchParams({ key, ...fields });
    const answer = await fetch(`${api.url}/api/v2`, { method: 'POST', body });
    const type = answer.headers.get('content-type');
    if (answer.status !== 200 || type !== 'application/json') throw new Error(`answered ${answer.status} as ${type}`);
    return answer.text();
  };
  const call: Contract['call'] = async (fields) => JSON.parse(await raw(fields));

  return {
    world,
    url: api.url,
    key,
    offer: (type, more = {}) => {
      const { name, category, min, max } = boughtAs(type);
      return make('/services', {
        ...{ name, category, type, rate: '10', min: Number(min), max: Number(max), cancel: true },
        routes: routes(type, 1),
        ...more,
      });
    },
    routes,
    staff: async (path, body) => (await askStaff(path, body)).status,
    raw,
    call,
    add: async (fields) => {
      const answer = (await call({ action: 'add', ...fields })) as { order?: number };
      if (typeof answer.order !== 'number') throw new Error(`add answered ${JSON.stringify(answer)}`);
      return answer.order;
    },
    sent: async (target) => world.provider.adds(target)[0]?.fields,
    close: async () => {
      await api.close();
      await world.close();
    },
  };
}
