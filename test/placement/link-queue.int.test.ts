import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginAttempt, whyNotBegun } from '../../db/dispatch/attempts.ts';
import { orderEvents } from '../../db/order/orders.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, running } from '../support/engines/running.ts';
import { end } from '../support/reads/books.ts';
import { nextInLine } from '../support/reads/next-in-line.ts';
import { rowsRead } from '../support/reads/rows-read.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const QUEUE = { service: { duplicate_link: 'queue' } };
const begin = (id: number) => beginAttempt(database.sql, attemptOf(id));
const why = (id: number) => whyNotBegun(database.sql, attemptOf(id));
const queued = async (id: number) => (await begin(id)) === undefined && (await why(id)).kind === 'queued';
const notes = async (id: number) =>
  (await orderEvents(database.sql, id, undefined, 100)).filter(({ type }) => type === 'order.queued');

describe('orders of a service that queues for one link', () => {
  it('begin one after the other, in the order of their ids, and nothing is written of who waits', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, QUEUE);
    const ids = [await order(), await order(), await order()];
    const [one = 0, two = 0, three = 0] = ids;
    for (const id of [three, two]) expect(await queued(id)).toBe(true);
    expect(await begin(one)).toMatchObject({ state: 'intent' });
    expect((await sql`select 1 from batches where order_id in ${sql(ids)}`).length).toBe(1);
    await end(sql, one, 0);
    expect(await nextInLine(sql, one, new Date())).toBe(two);
    expect(await queued(three)).toBe(true);
    expect(await begin(two)).toMatchObject({ state: 'intent' });
    await end(sql, two, 0);
    expect(await nextInLine(sql, two, new Date())).toBe(three);
    expect(await begin(three)).toMatchObject({ state: 'intent' });
    await end(sql, three, 0);
    expect(await nextInLine(sql, three, new Date())).toBeUndefined();
  });

  it('cost the same to ask about, however many wait', async () => {
    const { sql } = database;
    const { account, order } = await openShop(sql, QUEUE);
    const link = { link: 'https://example.com/a-long-line' };
    const first = await order(link);
    await begin(first);
    const second = await order(link);
    await sql`
      with line as (
        insert into claims (account_id, fingerprint, state, decided_at)
          select ${account}, '', 'order', now() from generate_series(1, 2000) returning order_id
      )
      insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', l.order_id))).*
        from orders o cross join line l where o.id = ${second}`;
    await sql`analyze orders`;
    const last = (await sql<{ id: number }[]>`select max(id)::float8 as id from orders`)[0]?.id ?? 0;
    const read = await sql.begin(async (tx) => [
      await rowsRead(tx, ['orders', 'batches'], async () =>
        expect(await tx`select is_queued(${last}, now()) as queued`).toEqual([{ queued: true }]),
      ),
    ]);
    expect(read[0]).toBeLessThan(20);
  });

  it('of other links, other services, or a service that allows it do not wait', async () => {
    const { sql } = database;
    const [shop, other, allowed] = [await openShop(sql, QUEUE), await openShop(sql, QUEUE), await openShop(sql)];
    await begin(await shop.order());
    for (const id of [
      await shop.order({ link: 'https://example.com/p/2' }),
      await other.order(),
      await allowed.order(),
      await allowed.order(),
    ]) {
      expect(await begin(id)).toMatchObject({ state: 'intent' });
    }
  });

  it('wait for one with a higher id that has begun already', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, QUEUE);
    const slow = await order();
    // Simulates a claim that was decided later: the other order had begun by then.
    await sql`update orders set link_key = 'elsewhere' where id = ${slow}`;
    const begun = await order();
    await running(sql, begun, `begun-${begun}`);
    await sql`update orders set link_key = (select link_key from orders where id = ${begun}) where id = ${slow}`;
    expect(await queued(slow)).toBe(true);
    expect(await nextInLine(sql, begun, new Date())).toBe(slow);
    await end(sql, begun, 1000);
    expect(await begin(slow)).toMatchObject({ state: 'intent' });
  });

  it('are not held up by one that is scheduled for later, or was paused before it began', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, QUEUE);
    const [scheduled, paused, next] = [
      await order({ scheduledAt: Date.now() + 86_400_000 }),
      await order(),
      await order(),
    ];
    await sql`update orders set paused_at = clock_timestamp(), paused_by = 'ann' where id = ${paused}`;
    expect(await begin(next)).toMatchObject({ state: 'intent' });
    await end(sql, next, 0);
    // They are next only when they are due.
    expect(await nextInLine(sql, next, new Date())).toBeUndefined();
    await sql`update orders set paused_at = null, paused_by = null where id = ${paused}`;
    expect(await nextInLine(sql, next, new Date())).toBe(paused);
    expect(await nextInLine(sql, next, new Date(Date.now() + 2 * 86_400_000))).toBe(scheduled);
  });

  it('that have begun never wait in line again', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, QUEUE);
    const first = await order({ link: 'https://example.com/p/7' });
    const second = await order();
    await sql`update providers set paused_until = clock_timestamp() + interval '1 hour' where id = ${providers[0] ?? 0}`;
    expect(await begin(second)).toBeUndefined();
    expect((await why(second)).kind).toBe('paused');
    await sql`update orders set link_key = (select link_key from orders where id = ${second}) where id = ${first}`;
    expect((await why(second)).kind).toBe('paused');
    expect((await why(first)).kind).toBe('queued');
  });

  it('never begin two at once, and always one, however many come at the same moment', async () => {
    const { sql } = database;
    for (let round = 0; round < 8; round += 1) {
      const { claim } = await openShop(sql, QUEUE);
      const ids = await Promise.all(Array.from({ length: 12 }, () => claim()));
      const open = new Set<number>();
      await Promise.all(
        ids.map(async (id) => {
          await decideClaim(sql, id);
          if ((await begin(id)) !== undefined) open.add(id);
        }),
      );
      // An order that was too early asks again.
      for (const id of ids) if ((await begin(id)) !== undefined) open.add(id);
      expect(open.size).toBe(1);
    }
  });

  it('are told so once in the timeline, with the other order only when it is their own', async () => {
    const { sql } = database;
    const { order, account, service } = await openShop(sql, { service: { ...QUEUE.service, duplicate_scope: 'all' } });
    const [mine, next] = [await order(), await order()];
    const stranger = await openShop(sql);
    const theirs = await stranger.order({ service });
    for (let call = 0; call < 3; call += 1) {
      await begin(next);
      await begin(theirs);
    }
    expect(account).not.toBe(stranger.account);
    expect(await notes(next)).toMatchObject([{ actor: 'system', data: { waitsFor: mine } }]);
    expect(await notes(theirs)).toMatchObject([{ actor: 'system', data: {} }]);
    expect((await notes(theirs))[0]?.data).toEqual({});
  });
});
