import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeServices } from '../../activities/report/count-days.ts';
import { countDay, countMoney, daysToCount } from '../../db/report/days.ts';
import { running } from '../support/engines/running.ts';
import { correct, end } from '../support/reads/books.ts';
import { untilProved } from '../support/reads/proved.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

const DAY_MS = 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

describe('the reports of the desk', () => {
  let on: ApiWorld;
  let one: Shop;
  let other: Shop;
  /** The other shop's orders: Completed, Partial and Canceled. */
  let ended: number[];
  const today = dayOf(Date.now());
  const tomorrow = dayOf(Date.now() + DAY_MS);

  beforeAll(async () => {
    on = await apiWorld({ workers: false });
    const { sql } = on.world;
    one = on.shop;
    other = await openShop(sql, { service: { name: 'Likes' } });
    const cost = (text: string) => ({ costs: [{ batch: 1, cost: text, raw: null }] });
    const settled = async (shop: Shop, delivered: number, charged?: string) => {
      const id = await shop.order();
      if (charged !== undefined) await running(sql, id, `up-${id}`);
      const ends = charged === undefined ? [] : [{ batch: 1, delivered }];
      await end(sql, id, delivered, { at: new Date(), ends, ...(charged === undefined ? {} : cost(charged)) });
      return id;
    };
    await settled(one, 1_000, '50000000');
    const part = await settled(one, 600, '30000000');
    await correct(sql, part, 500);
    ended = [
      await settled(other, 1_000, '20000000'),
      await settled(other, 400, '10000000'),
      await settled(other, 0, undefined),
    ];
    await sql`select rebate_cost(${ended[1] ?? 0}, 1, 4000000, '0.04')`;
    await one.order();
  });
  afterAll(() => on.close());

  const get = async (path: string) => {
    const { status, body } = await on.api.v1(`/v1/admin/reports/${path}`, { key: on.staff });
    return { ...body, status } as { readonly status: number; readonly data?: unknown };
  };
  const count = async () => {
    await untilProved(on.world.sql);
    while ((await countMoney(on.world.sql, 3)) > 0);
  };
  /** What the ledger itself says, and what the totals of days say, in one form. */
  const ledger = async () => {
    const [row] = await on.world.sql`
      select coalesce(sum(case kind when 'charge' then amount when 'correction' then -amount end), 0)::bigint as revenue,
             coalesce(sum(case kind when 'cost' then amount when 'rebate' then -amount end), 0)::bigint as cost,
             coalesce(sum(case kind when 'loss' then amount when 'recovery' then -amount end), 0)::bigint as loss from transfers`;
    return row;
  };
  const kept = async (part: string) => {
    const [row] = await on.world.sql`
      select coalesce(sum(revenue), 0)::bigint as revenue, coalesce(sum(cost), 0)::bigint as cost, coalesce(sum(loss), 0)::bigint as loss
        from money_days where part = ${part}`;
    return row;
  };

  it('count each transfer once, however often and by however many they are counted, as the ledger has them', async () => {
    expect(await get('revenue')).toMatchObject({ status: 200, asOf: null, data: [], total: { revenue: '0' } });
    await untilProved(on.world.sql);
    await Promise.all(Array.from({ length: 4 }, () => countMoney(on.world.sql, 3)));
    await count();
    for (const part of ['service', 'provider', 'account'])
      expect([part, await kept(part)]).toEqual([part, await ledger()]);
    const before = await ledger();
    await count();
    expect(await kept('service')).toEqual(before);
    // A transfer that the proof has not confirmed may still be joined by one before it, so it is not counted yet.
    const id = await one.order();
    await end(on.world.sql, id, 1_000, { at: new Date() });
    expect(await countMoney(on.world.sql, 100)).toBe(0);
    await count();
    expect(await kept('account')).toEqual(await ledger());
    expect(await kept('account')).not.toEqual(before);
  });

  it('show revenue, cost and margin by day, service, provider and account', async () => {
    const money = (revenue: string, cost: string, margin: string) => ({ revenue, cost, loss: '0', margin });
    // One shop: 0.9 + 0.45 + 0.9 (without a provider), the other: 0.9 + 0.36.
    const all = money('3.51', '1.04', '2.47');
    expect(await get('revenue')).toMatchObject({
      status: 200,
      by: 'day',
      to: tomorrow,
      currency: 'USD',
      asOf: expect.any(String),
      total: all,
      data: [{ day: today, id: null, ...all }],
    });
    expect((await get('revenue?by=service')).data).toEqual([
      { day: null, id: one.service, name: 'Followers', ...money('2.25', '0.8', '1.45') },
      { day: null, id: other.service, name: 'Likes', ...money('1.26', '0.24', '1.02') },
    ]);
    expect((await get('revenue?by=account')).data).toMatchObject([{ id: one.account }, { id: other.account }]);
    expect((await get('revenue?by=provider')).data).toMatchObject([
      { id: one.providers[0], ...money('1.35', '0.8', '0.55') },
      { id: other.providers[0], ...money('1.26', '0.24', '1.02') },
      { id: null, name: null, ...money('0.9', '0', '0.9') },
    ]);
    const { sql } = on.world;
    for (const [day, times] of [
      ['2020-01-01', 1],
      ['2020-01-02', 1],
      ['2020-01-02', 2],
    ] as const)
      await sql`insert into money_days (day, part, subject, revenue, cost, loss)
        values (${day}, 'service', ${times}, 9000000000000000000, 1, 0)`;
    const past = 'revenue?from=2020-01-01&to=2020-01-03';
    const dear = money('270000000000', '0.00000003', '269999999999.99999997');
    expect(await get(past)).toMatchObject({
      status: 200,
      total: dear,
      data: [{ revenue: '90000000000' }, { revenue: '180000000000' }],
    });
    expect((await get(`${past}&by=service`)).data).toMatchObject([
      { id: 1, revenue: '180000000000' },
      { id: 2, revenue: '90000000000' },
    ]);
    await sql`delete from money_days where day < '2021-01-01'`;
    expect(await get(`revenue?from=2026-01-01&to=2026-01-05`)).toMatchObject({ total: money('0', '0', '0'), data: [] });
  });

  it('show how orders ended, how long they took, and how that was in the weeks before', async () => {
    const { sql } = on.world;
    const at = new Date();
    const settledOn = async (id: number, daysAgo: number, seconds: number) =>
      sql`update orders set settled_at = now() - make_interval(days => ${daysAgo}), scheduled_at = null,
            started_at = now() - make_interval(days => ${daysAgo}, secs => ${seconds / 2}),
            created_at = now() - make_interval(days => ${daysAgo}, secs => ${seconds}) where id = ${id}`;
    const [done = 0] = ended;
    await settledOn(done, 0, 1_000);
    const older = await other.order();
    await running(sql, older, 'up-older');
    await end(sql, older, 1_000, { at: new Date(), ends: [{ batch: 1, delivered: 1_000 }] });
    await settledOn(older, 9, 100);
    await sql`insert into refills (order_id, number, requested_by, requested_at, review_at) values (${done}, 1, 'test', now(), now())`;
    for (const day of await daysToCount(sql, at, 20, 72)) await countDay(sql, day, at);
    const mine = async (path: string, id: number | undefined) =>
      ((await get(path)).data as { id: number }[]).find((row) => row.id === id);
    const counts = { name: 'Likes', ended: 4, completed: 2, partial: 1, canceled: 1, refills: 1 };
    const shares = { partialShare: 0.25, canceledShare: 0.25, refillShare: 0.5 };
    expect(await mine('outcomes', other.service)).toEqual({ id: other.service, ...counts, ...shares });
    expect(await mine('outcomes?by=provider', other.providers[0])).toMatchObject({
      ended: 3,
      completed: 2,
      canceled: 0,
    });
    const times = (await mine('times', other.service)) as unknown as Record<string, { orders: number; p50: number }> & {
      weeksBefore: Record<string, { orders: number; p50: number }>[];
    };
    expect(times.startSeconds?.orders).toBe(2);
    expect(times.completedSeconds).toMatchObject({ orders: 1 });
    expect(Math.abs((times.completedSeconds?.p50 ?? 0) - 1_000)).toBeLessThan(250);
    const [lastWeek, weekBefore] = times.weeksBefore;
    expect([lastWeek?.completedSeconds?.orders, weekBefore?.completedSeconds?.orders]).toEqual([1, 0]);
    expect(Math.abs((lastWeek?.completedSeconds?.p50 ?? 0) - 100)).toBeLessThan(25);

    // A correction days later changes its day, which is counted anew as a whole.
    await correct(sql, done, 300);
    expect(await daysToCount(sql, at, 20, 72)).toEqual([]);
    const later = new Date(at.getTime() + 11 * 60_000);
    const again = await daysToCount(sql, later, 20, 72);
    expect(again).toContain(today);
    for (const day of again) await countDay(sql, day, later);
    expect(await mine('outcomes', other.service)).toMatchObject({ completed: 1, partial: 2 });
    expect(await daysToCount(sql, new Date(at.getTime() + 7 * 3_600_000), 20, 72)).not.toContain(
      dayOf(at.getTime() - 9 * DAY_MS),
    );
    await sql`delete from refills where order_id = ${done}`;
  });

  it('are CSV files with the rows that they have as JSON', async () => {
    const file = async (path: string) => {
      const headers = { authorization: `Bearer ${on.staff}`, accept: 'text/csv' };
      const answer = await fetch(`${on.api.url}/v1/admin/reports/${path}`, { headers });
      const [header = '', ...lines] = (await answer.text()).trimEnd().split('\r\n');
      const name = /filename="(.*)-\d{4}-\d\d-\d\d\.csv"/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
      return { status: answer.status, name, header, lines };
    };
    for (const [path, name] of [
      ['revenue', 'revenue-by-day'],
      ['revenue?by=service', 'revenue-by-service'],
      ['outcomes', 'outcomes-by-service'],
    ] as const) {
      const [first = {}, ...more] = (await get(path)).data as object[];
      const lines = [first, ...more].map((row) => Object.values(row).join());
      expect(await file(path)).toEqual({ status: 200, name, header: Object.keys(first).join(), lines });
    }
    const times = await file('times');
    const services = (await get('times')).data as { id: number }[];
    // The report's own days, and four weeks before.
    expect(times.lines.map((line) => Number(line.split(',')[0]))).toEqual(
      services.flatMap(({ id }) => Array.from({ length: 5 }, () => id)),
    );
    expect(times.header).toMatch(/^id,name,from,to,startOrders,.*,completedSecondsP95$/);
    expect((await file('revenue?from=2026-05-02&to=2026-05-02')).status).toBe(422);
  });

  it('raise an alert about a service that is slower than in its own last weeks, until it is no longer', async () => {
    const { sql } = on.world;
    const now = new Date();
    const day = (ago: number, bucket: number, orders: number) => {
      const ends = [...Array.from({ length: bucket }, () => 0), orders];
      return sql`
        insert into order_days (day, part, subject, completed, partial, canceled, refills, starts, ends)
          values (${dayOf(now.getTime() - ago * DAY_MS)}, 'service', ${one.service}, ${orders}, 0, 0, 0, '{}', ${ends})
          on conflict (part, day, subject) do update set ends = excluded.ends`;
    };
    for (let ago = 2; ago < 9; ago += 1) await day(ago, 30, 20);
    await day(1, 30, 20);
    expect(await judgeServices(sql, now)).toEqual([]);
    await day(0, 36, 30);
    expect(await judgeServices(sql, now)).toMatchObject([
      {
        kind: 'service_slow',
        subject: `service:${one.service}`,
        detail: expect.stringContaining('half of its orders'),
      },
    ]);
    expect(await judgeServices(sql, now)).toEqual([]);
    const open = async () =>
      (await on.api.v1('/v1/admin/alerts?open=true', { key: on.staff })).body.data as { kind: string }[];
    expect((await open()).map(({ kind }) => kind)).toContain('service_slow');
    await day(0, 30, 30);
    await judgeServices(sql, now);
    expect((await open()).map(({ kind }) => kind)).not.toContain('service_slow');
  });

  it('are refused for days that are none or too many', async () => {
    for (const query of [
      'revenue?from=2026-01-01&to=2026-04-04',
      'revenue?from=2026-02-30',
      'revenue?from=0000-01-01',
      'revenue?from=2026-05-02&to=2026-05-02',
      'revenue?by=link',
      'outcomes?by=account',
      'times?from=2026-01-01&to=2026-02-02',
    ])
      expect([query, await get(query)]).toMatchObject([query, { status: 422, code: 'invalid_request' }]);
    expect(await get('revenue?from=2026-01-01&to=2026-04-03')).toMatchObject({ status: 200 });
  });
});
