import type { Stack } from '../../dev/stack/stack.ts';
import { customerAt } from './customer.ts';
import type { Ways } from './ways.ts';

/** What the customers order from: an account, the simulated provider behind a proxy, one service. */
export interface ChaosShop {
  readonly account: number;
  /** The customer's key. */
  readonly key: string;
  readonly provider: number;
  /** The service of orders that a refill is asked for. */
  readonly service: number;
  /** The service of all other orders: the same one, or one without refills, whose orders leave nothing open when they have ended. */
  readonly otherService: number;
  readonly webhook: number;
}

export interface ChaosShopOptions {
  /** Whether the orders that no refill is asked for have a refill window too, and so a workflow for a month. Default true. */
  readonly refillsForAll?: boolean;
}

/** Sets it up over the API, as an operator and a customer would, before anything breaks. */
export async function openChaosShop(
  stack: Stack,
  ways: Ways,
  providerKey: string,
  { refillsForAll = true }: ChaosShopOptions = {},
): Promise<ChaosShop> {
  const staff = customerAt(stack.apiUrl, stack.adminKey);
  let made = 0;
  const make = async <T>(who: typeof staff, path: string, body: unknown): Promise<T> => {
    made += 1;
    const answer = await who.ask(path, { body, idempotencyKey: `chaos ${made} ${path}` });
    if (answer === undefined || answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.body as T;
  };
  const { id: account } = await make<{ id: number }>(staff, '/v1/admin/accounts', { name: 'Chaos agency' });
  const { key } = await make<{ key: string }>(staff, `/v1/admin/accounts/${account}/keys`, { name: 'chaos' });
  await make(staff, `/v1/admin/accounts/${account}/deposits`, { amount: '1000000', reference: 'chaos' });
  const { id: provider } = await make<{ id: number }>(staff, '/v1/admin/providers', {
    name: 'Provider behind a proxy',
    url: `http://127.0.0.1:${ways.provider.port}/api/v2`,
    key: providerKey,
    pollSeconds: 1,
  });
  const followers = {
    name: 'Followers',
    category: 'Chaos',
    type: 'Default',
    rate: '1.20',
    min: 50,
    max: 100_000,
    dripFeed: true,
    cancel: true,
    refillDays: 30,
    duplicateLink: 'allow',
    routes: [{ provider, providerService: '1', rate: '0.90' }],
  };
  const sold = async (body: object) => (await make<{ id: number }>(staff, '/v1/admin/services', body)).id;
  const service = await sold(followers);
  const otherService = refillsForAll ? service : await sold({ ...followers, name: 'Likes', refillDays: 0 });
  const customer = customerAt(stack.apiUrl, key);
  const { id: webhook } = await make<{ id: number }>(customer, '/v1/webhooks', {
    url: `http://127.0.0.1:${ways.receiver.port}/hook`,
  });
  return { account, key, provider, service, otherService, webhook };
}
