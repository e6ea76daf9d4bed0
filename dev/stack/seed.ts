import { randomBytes } from 'node:crypto';
import { writePast } from './past.ts';

export interface SeedOptions {
  readonly apiUrl: string;
  readonly adminKey: string;
  readonly providerUrl: string;
  readonly providerKey: string;
  /** The secret that signs the provider's callbacks. */
  readonly callbackSecret: string;
  /** Whether a week of past orders is written and a few orders are placed too. */
  readonly demoOrders: boolean;
  /** The database as its owner, for the past. */
  readonly databaseUrl: string;
}

export interface Seeded {
  /** Key of the demo account. */
  readonly apiKey: string;
  /** Id of the service in the printed example order. */
  readonly service: number;
}

/** The demo's services: services of the simulated provider at our own price. */
const SERVICES = [
  {
    providerService: '1',
    name: 'Instagram followers',
    rate: '1.20',
    cost: '0.90',
    min: 50,
    max: 100_000,
    refillDays: 30,
  },
  { providerService: '2', name: 'Instagram likes', rate: '0.40', cost: '0.27819', min: 10, max: 50_000, refillDays: 0 },
  {
    providerService: '3',
    name: 'TikTok views',
    rate: '0.002',
    cost: '0.00123',
    min: 100,
    max: 10_000_000,
    refillDays: 0,
  },
  {
    providerService: '7',
    name: 'Telegram starter package',
    rate: '6.50',
    cost: '4.99',
    min: 1,
    max: 1,
    refillDays: 0,
    type: 'Package',
    dripFeed: false,
  },
  {
    providerService: '8',
    name: 'Instagram comments, your words',
    rate: '25',
    cost: '18.75',
    min: 5,
    max: 1000,
    type: 'Custom Comments',
    dripFeed: false,
  },
  {
    providerService: '9',
    name: 'Instagram comments package',
    rate: '3.10',
    cost: '2.345',
    min: 1,
    max: 1,
    type: 'Custom Comments Package',
    dripFeed: false,
    cancel: false,
  },
  {
    providerService: '10',
    name: 'Telegram poll votes',
    rate: '0.85',
    cost: '0.6',
    min: 10,
    max: 20_000,
    type: 'Poll',
    dripFeed: false,
  },
  {
    providerService: '11',
    name: 'Instagram likes on new posts',
    rate: '1.50',
    cost: '1.10',
    min: 10,
    max: 10_000,
    type: 'Subscriptions',
    dripFeed: false,
  },
  {
    providerService: '4',
    name: 'TikTok followers',
    rate: '4.20',
    cost: '3.14159',
    min: 20,
    max: 20_000,
    refillDays: 0,
    dripFeed: false,
    stallAfterSeconds: 20,
  },
] as const;

/** Other customers, who have a past but no key. */
const CUSTOMERS = ['North Star Media', 'Little Panel'] as const;

/** The services of the past, as places in SERVICES: those without refills, whose orders nobody waits for. */
const PAST = [1, 2, 1, 8] as const;

/** Orders that show what can happen. The script in each link tells the simulated provider how the order ends. */
const ORDERS = [
  { service: 1, quantity: 1000, sim: 'seconds:8' },
  { service: 0, quantity: 10_000, sim: 'seconds:15,partial:6000' },
  { service: 2, quantity: 50_000, sim: 'seconds:25' },
  { service: 1, quantity: 500, sim: 'delay:4000,cancel' },
  { service: 3, sim: 'seconds:5' },
  { service: 4, sim: 'seconds:12', comments: ['So good!', 'Where was this?', 'Wow', 'Again, please', '😍'] },
  { service: 6, quantity: 200, sim: 'seconds:10', answer_number: 2 },
  { service: 0, quantity: 100, sim: 'seconds:20', dripFeed: { runs: 24, intervalMinutes: 1 } },
  { service: 8, quantity: 5000, sim: 'stall:2000' },
  { service: 1, quantity: 800, sim: 'seconds:5,fault:drop@add' },
  { service: 2, quantity: 200_000, sim: 'seconds:1800' },
] as const;

/**
 * Fills a stack through its API, as an operator would: a demo account with money and a key, the simulated provider, a few
 * services. Everything but the demo orders is made once; a repeated call gets the first call's answers.
 */
export async function seed(options: SeedOptions): Promise<Seeded> {
  const { apiUrl, adminKey, providerUrl, providerKey, callbackSecret } = options;
  const post = async <T>(path: string, idempotencyKey: string, body: unknown, key = adminKey): Promise<T> => {
    const response = await fetch(apiUrl + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`seeding ${path} failed with ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };

  const account = await post<{ id: number }>('/v1/admin/accounts', 'demo-account', { name: 'Demo agency' });
  const accountPath = `/v1/admin/accounts/${account.id}`;
  const { key: apiKey } = await post<{ key: string }>(`${accountPath}/keys`, 'demo-key', { name: 'demo' });
  await post(`${accountPath}/deposits`, 'demo-deposit', { amount: '10000', reference: 'demo-opening' });
  const provider = await post<{ id: number }>('/v1/admin/providers', 'demo-provider', {
    name: 'Simulated provider',
    url: `${providerUrl}/api/v2`,
    key: providerKey,
    pollSeconds: 1,
    callbackSecret,
  });
  const callback = { url: `${apiUrl}/v1/callbacks/${provider.id}`, secret: callbackSecret };
  const told = await fetch(`${providerUrl}/control/config`, { method: 'POST', body: JSON.stringify({ callback }) });
  if (!told.ok) throw new Error(`the simulated provider refused its callback address: ${await told.text()}`);
  const services: number[] = [];
  for (const { providerService, cost, ...service } of SERVICES) {
    const { id } = await post<{ id: number }>('/v1/admin/services', `demo-service-${providerService}`, {
      category: 'Demo',
      type: 'Default',
      dripFeed: true,
      cancel: true,
      duplicateLink: 'allow',
      ...service,
      routes: [{ provider: provider.id, providerService, rate: cost }],
    });
    services.push(id);
  }

  if (!options.demoOrders) return { apiKey, service: services[1] ?? 0 };
  const slow = await post<{ id: number }>('/v1/admin/providers', 'demo-slow-provider', {
    name: 'Slow provider',
    url: `${providerUrl}/api/v2`,
    key: providerKey,
    pollSeconds: 5,
  });
  const accounts = [account.id];
  for (const name of CUSTOMERS) {
    const { id } = await post<{ id: number }>('/v1/admin/accounts', `demo-${name}`, { name });
    await post(`/v1/admin/accounts/${id}/deposits`, `demo-deposit-${name}`, {
      amount: '500',
      reference: `demo-${name}`,
    });
    accounts.push(id);
  }
  await writePast(options.databaseUrl, {
    accounts,
    services: PAST.map((place) => services[place] ?? 0),
    providers: [provider.id, slow.id],
  });
  const run = randomBytes(4).toString('hex');
  for (const [number, { service, sim, ...rest }] of ORDERS.entries()) {
    const link = `https://example.com/demo/${run}/${number + 1}?sim=${sim}`;
    await post('/v1/orders', `demo-${run}-${number + 1}`, { service: services[service], link, ...rest }, apiKey);
  }
  return { apiKey, service: services[1] ?? 0 };
}
