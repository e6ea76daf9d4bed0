import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seal } from '../../db/account/secrets.ts';
import { hintAt, listenForHints } from '../../db/delivery/hints.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

const secret = `whsec_${randomBytes(32).toString('base64')}`;

interface Forgery {
  readonly key?: string;
  readonly at?: number;
  readonly sent?: string;
}

describe('callbacks of a provider that is asked once an hour', () => {
  let world: World;
  let api: ServedApi;
  let shop: Shop;
  let provider: number;

  beforeAll(async () => {
    world = await realWorld();
    api = await serveApi(world);
    shop = await world.shop();
    provider = shop.providers[0] ?? 0;
    const cipher = seal(world.masterKey, `callback:${provider}`, secret);
    await world.sql`update providers set poll_seconds = 3600, callback_cipher = ${cipher} where id = ${provider}`;
    await world.startWorkers();
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  let messages = 0;
  /** Sends a callback as the provider signs it, or with one thing forged. */
  function callback(to: number | string, { key = secret, at = Date.now(), sent }: Forgery = {}): Promise<Answer> {
    const body = '{"order": "7", "event": "order.ended"}';
    const [id, timestamp] = [`msg_${++messages}`, String(Math.floor(at / 1_000))];
    const digest = createHmac('sha256', Buffer.from(key.slice(6), 'base64')).update(`${id}.${timestamp}.${body}`);
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${digest.digest('base64')}`,
    };
    return api.v1(`/v1/callbacks/${to}`, { body: sent ?? body, headers });
  }

  const place = async (sim: string): Promise<number> => {
    const orderId = await shop.claim({ link: `https://example.com/c/${++messages}?sim=${sim}` });
    await placeClaim(world.sql, world.temporal, orderId);
    return orderId;
  };
  const until = (orderId: number, status: string) =>
    vi.waitFor(
      async () => {
        expect(await world.sql`select status from orders where id = ${orderId}`).toEqual([{ status }]);
      },
      { timeout: 30_000, interval: 50 },
    );
  const looks = (): number => world.provider.stats().calls.status ?? 0;
  /** Waits until a hint has led to a status call. The provider's next regular call is in an hour. */
  async function quiet(): Promise<number> {
    const before = looks();
    expect((await callback(provider)).status).toBe(202);
    await expect.poll(looks, { timeout: 20_000 }).toBeGreaterThan(before);
    return looks();
  }

  it('make it asked at once, instead of in an hour', async () => {
    const orderId = await place('stall:500,speed:1000');
    await until(orderId, 'In progress');
    await quiet();
    await quiet();
  });

  it('that are forged, old, unsigned or from nobody we know are all answered alike, and hint at nothing', async () => {
    const hints: number[] = [];
    await listenForHints(
      world.sql,
      (one) => hints.push(one),
      () => undefined,
    );
    const [silent] = (await world.shop()).providers;
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    const answers = [
      await callback(provider, { key: other }),
      await callback(provider, { at: Date.now() - 301_000 }),
      await callback(provider, { at: Date.now() + 302_000 }),
      await callback(provider, { sent: '{"order": "8"}' }),
      await callback(provider, { key: other, sent: 'not json' }),
      await callback(silent ?? 0),
      await callback(999_999),
      await callback('99999999999999'),
      await callback('no-number'),
      await api.v1(`/v1/callbacks/${provider}`, { body: { order: '7' } }),
    ];
    const told = answers.map(({ status, body: { request_id: _, ...problem } }) => ({ status, problem }));
    expect(told[0]).toMatchObject({ status: 401, problem: { code: 'invalid_signature' } });
    expect(told).toEqual(told.map(() => told[0]));
    // Hints come in order, so this one is the first.
    await hintAt(world.sql, silent ?? 0);
    await expect.poll(() => hints).toEqual([silent]);
  });

  it('that are signed but say nothing are refused, and too large ones are not read', async () => {
    const sign = (body: string): Promise<Answer> => {
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const key = Buffer.from(secret.slice(6), 'base64');
      const digest = createHmac('sha256', key).update(`m.${timestamp}.${body}`).digest('base64');
      const headers = {
        'webhook-id': 'm',
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,bm9uZQ== v1,${digest}`,
      };
      return api.v1(`/v1/callbacks/${provider}`, { body, headers });
    };
    const codes = [];
    for (const body of ['{"order": 7, "status": "Completed"}', '{', '{}', `{"order": "${'7'.repeat(600_000)}"}`]) {
      const answer = await sign(body);
      codes.push([answer.status, answer.body.code]);
    }
    expect(codes).toEqual([
      [202, undefined],
      [400, 'malformed_body'],
      [422, 'invalid_request'],
      [413, 'body_too_large'],
    ]);
  });

  it('complete an order as soon as the provider tells of its end', async () => {
    await world.provider.configure({ callback: { url: `${api.url}/v1/callbacks/${provider}`, secret } });
    await quiet();
    await until(await place('seconds:5'), 'Completed');
    await until(await place('seconds:5,partial:600'), 'Partial');
  });

  it('are heard again after the connection they are heard on was lost', async () => {
    const [{ lost } = { lost: 0 }] = await world.sql<{ lost: number }[]>`
      select count(pg_terminate_backend(pid))::integer as lost from pg_stat_activity
        where datname = current_database() and query ilike 'listen %'`;
    expect(lost).toBeGreaterThan(0);
    await vi.waitFor(
      async () => {
        const listening = await world.sql`
          select from pg_stat_activity where datname = current_database() and query ilike 'listen %'`;
        expect(listening.length).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 50 },
    );
    await quiet();
    await until(await place('seconds:5'), 'Completed');
  });
});
