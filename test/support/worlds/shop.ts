import { randomBytes } from 'node:crypto';
import { seal } from '../../../db/account/secrets.ts';
import type { Sql } from '../../../db/client.ts';
import { deposit } from '../../../db/ledger/ledger.ts';
import { decideClaim } from '../../../db/placement/decide-claim.ts';
import { type Money, parseMoney, parseRate } from '../../../domain/ledger/money.ts';
import type { OrderRequest } from '../../../domain/placement/order-terms.ts';

export interface ShopOptions {
  /** The wallet's balance; default 1000. */
  readonly balance?: string;
  /** Columns of the service that differ from the defaults: rate 0.90, quantity 10 to 100 000, duplicate links allowed. */
  readonly service?: Readonly<Record<string, string | number | boolean | null>>;
  /** Urls of the providers, in order of preference; each gets one route. */
  readonly providers?: readonly string[];
  readonly masterKey?: Buffer;
}

/** An account with money, a service and its routes. */
export interface Shop {
  readonly account: number;
  readonly service: number;
  readonly providers: readonly number[];
  /** Writes a claim as the API does; returns the order's id. `expiresAt`: claims of panel API v2 expire. */
  claim(request?: Partial<OrderRequest>, expiresAt?: Date): Promise<number>;
  /** Writes a claim and makes it an order without a workflow: validated, its price held. Throws when it is refused. */
  order(request?: Partial<OrderRequest>): Promise<number>;
}

export async function openShop(sql: Sql, options: ShopOptions = {}): Promise<Shop> {
  const [account] = await sql<{ id: number }[]>`insert into accounts (name) values ('a customer') returning id`;
  if (account === undefined) throw new Error('no account');
  await sql`insert into wallets (account_id) values (${account.id})`;
  const balance = parseMoney(options.balance ?? '1000') as Money;
  if (balance > 0n) await deposit(sql, account.id, balance, `opening ${account.id}`);
  const providers: number[] = [];
  for (const url of options.providers ?? ['http://127.0.0.1:9/api/v2']) {
    const name = `provider ${randomBytes(6).toString('hex')}`;
    providers.push(await addProvider(sql, name, url, options.masterKey ?? randomBytes(32)));
  }
  const service = await addService(sql, providers, options.service);
  const claim = async (request: Partial<OrderRequest> = {}, expiresAt?: Date): Promise<number> => {
    const whole = { service, link: 'https://example.com/p/1', quantity: 1000, ...request };
    const [row] = await sql<{ id: bigint }[]>`
      insert into claims (account_id, fingerprint, request, expires_at)
        values (${account.id}, ${randomBytes(32)}, ${sql.json(JSON.parse(JSON.stringify(whole)))}, ${expiresAt ?? null})
        returning order_id as id`;
    return Number(row?.id);
  };
  const order = async (request: Partial<OrderRequest> = {}): Promise<number> => {
    const id = await claim(request);
    const decision = await decideClaim(sql, id);
    if (decision.state !== 'order') throw new Error(`the claim is ${JSON.stringify(decision)}`);
    return id;
  };
  return { account: account.id, service, providers, claim, order };
}

/** A service with a route to each of the providers, in order of preference. Returns its id. */
export async function addService(
  sql: Sql,
  providers: readonly number[],
  columns: ShopOptions['service'] = {},
): Promise<number> {
  const usual = {
    name: 'Followers',
    category: 'Demo',
    type: 'Default',
    rate: parseRate('0.90') as bigint,
    min: 10,
    max: 100_000,
    drip_feed: true,
    cancel: true,
    refill_days: 0,
    stall_after_seconds: 86_400,
    review_after_seconds: 604_800,
    verify: 'provider',
    duplicate_link: 'allow',
  };
  const [service] = await sql<{ id: number }[]>`
    insert into services ${sql({ ...usual, ...columns })} returning id`;
  if (service === undefined) throw new Error('no service');
  for (const [index, provider] of providers.entries()) {
    await sql`insert into routes (service_id, position, provider_id, provider_service, rate)
      values (${service.id}, ${index + 1}, ${provider}, '1', ${parseRate('0.50') as bigint})`;
  }
  return service.id;
}

async function addProvider(sql: Sql, name: string, url: string, masterKey: Buffer): Promise<number> {
  const [next] = await sql<{ id: number }[]>`
    insert into providers (name, url, key_cipher, poll_seconds) values (${name}, ${url}, ${Buffer.alloc(1)}, 1) returning id`;
  if (next === undefined) throw new Error('no provider');
  await sql`update providers set key_cipher = ${seal(masterKey, `provider:${next.id}`, 'upstream-key')} where id = ${next.id}`;
  return next.id;
}
