import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningBatches } from '../../db/delivery/batches.ts';
import { type BatchReport, recordCall, recordStalls } from '../../db/delivery/reports.ts';
import { readTarget } from '../../db/delivery/targets.ts';
import { PROVIDER_STATUSES } from '../../domain/delivery/words.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { running } from '../support/engines/running.ts';
import { atOnce, end } from '../support/reads/books.ts';
import { recordReports, takenReports } from '../support/reads/record-reports.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

let clock = Date.parse('2026-11-21T12:00:00Z');
/** A second later than the last call. */
function later(): Date {
  clock += 1_000;
  return new Date(clock);
}

/** A running order, and functions that record its provider's reports. */
async function runningOrder(quantity = 1000) {
  const { sql } = database;
  const { order, providers } = await openShop(sql, { balance: '100000', service: { max: 1_000_000 } });
  const [provider = 0] = providers;
  const id = await order({ quantity });
  await running(sql, id, `p-${id}`);
  const report = (said: Partial<BatchReport>): BatchReport => ({
    orderId: id,
    batch: 1,
    providerOrder: `p-${id}`,
    status: 'In progress',
    remains: null,
    startCount: null,
    charge: null,
    ...said,
  });
  const says = (said: Partial<BatchReport>, at = later()) => recordReports(sql, provider, [report(said)], at);
  const shown = async () => {
    const [row] = await sql<Record<string, unknown>[]>`
      select o.delivered::float8 as delivered, b.delivered::float8 as batch, o.version, b.report_version as reports,
             o.start_count::float8 as "startCount", b.start_count::float8 as "batchStartCount", b.terminal_at as "terminalAt", b.progress_at as "progressAt",
             (select count(*)::integer from delivery_samples s where s.order_id = o.id) as samples
        from orders o join batches b on b.order_id = o.id where o.id = ${id}`;
    return row;
  };
  return { id, provider, report, says, shown };
}

describe('what a provider reports', () => {
  it('is told of every order in turn, however many there are that do not act on it', async () => {
    const { sql } = database;
    const { id, provider } = await runningOrder();
    await sql`
      insert into batches (order_id, batch, quantity, state, provider_id, provider_order, accepted_at, report_version)
        select ${id}, n, 1, 'running', ${provider}, 'stuck-' || n, now(), 1 from generate_series(2, 1201) n`;
    const told = new Set<number>();
    for (let round = 0; round < 2; round += 1) {
      const due = await takenReports(sql, provider, 0);
      for (const { batch } of due) told.add(batch);
    }
    expect(told.size).toBe(1_200);
  });

  it('is shown to the customer and becomes a point of the delivery curve', async () => {
    const { says, shown } = await runningOrder();
    const at = later();
    expect(await says({ remains: 400, startCount: 77 }, at)).toBe(1);
    expect(await shown()).toMatchObject({ delivered: 600, startCount: 77, samples: 1, reports: 0, progressAt: at });
  });

  it('again, word for word, writes nothing at all', async () => {
    const { id, says, shown } = await runningOrder();
    const { sql } = database;
    await says({ remains: 400, startCount: 77, charge: '0.1' });
    const before = await shown();
    const rows = () => sql`select xmin::text, ctid::text from batches where order_id = ${id}
      union all select xmin::text, ctid::text from orders where id = ${id}`;
    const written = [...(await rows())];
    for (let poll = 0; poll < 20; poll += 1)
      expect(await says({ remains: 400, startCount: 77, charge: '0.1' })).toBe(0);
    expect(await shown()).toEqual(before);
    expect([...(await rows())]).toEqual(written);
  });

  it('never makes the shown number fall, nor rise above what was ordered', async () => {
    const { says, shown } = await runningOrder();
    const seen = [];
    for (const remains of [0, -3, 900, 950, null, 5000, 1000, 300, -20, 700]) {
      await says({ remains });
      seen.push((await shown())?.delivered);
    }
    expect(seen).toEqual([0, 0, 100, 100, 100, 100, 100, 700, 1000, 1000]);
  });

  it('keeps the first start count that was said', async () => {
    const { says, shown } = await runningOrder();
    await says({ startCount: null, remains: 999 });
    await says({ startCount: 50 });
    await says({ startCount: 10, remains: 800 });
    expect(await shown()).toMatchObject({ startCount: 50, batchStartCount: 50 });
  });

  it('of all sorts in any order never shows less than before, in order and batch alike', async () => {
    const said = fc.record({
      remains: fc.option(fc.integer({ min: -500, max: 1500 })),
      startCount: fc.option(fc.integer()),
      status: fc.constantFrom(
        ...PROVIDER_STATUSES.filter((status) => !['Completed', 'Partial', 'Canceled'].includes(status)),
      ),
      charge: fc.option(fc.constantFrom('0', '0.27')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 12 }), async (reports) => {
        const { says, shown } = await runningOrder();
        let last = 0;
        for (const report of reports) {
          await says(report);
          const now = await shown();
          expect(now?.delivered).toBe(now?.batch);
          expect(Number(now?.delivered)).toBeGreaterThanOrEqual(last);
          expect(Number(now?.delivered)).toBeLessThanOrEqual(1000);
          last = Number(now?.delivered);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('from two watchers at once, one of them late, counts what was delivered once', async () => {
    const { sql } = database;
    await atOnce(10, async () => {
      const { provider, report, shown } = await runningOrder();
      const words = [900, 400, 700, 300, 850, 300].map((remains) => report({ remains }));
      await Promise.all(words.map((word) => recordReports(sql, provider, [word], later())));
      expect(await shown()).toMatchObject({ delivered: 700, batch: 700 });
    });
  });

  it('is shown when only the start count is new', async () => {
    const { says, shown } = await runningOrder();
    await says({ remains: 900 });
    expect(await says({ remains: 900, startCount: 77 })).toBe(1);
    expect(await shown()).toMatchObject({ delivered: 100, startCount: 77 });
    expect(await says({ remains: 900, startCount: 78 })).toBe(0);
  });

  it('from many watchers at once whose words take turns is written without a deadlock', async () => {
    const { sql } = database;
    await atOnce(10, async () => {
      const { provider, report, shown } = await runningOrder();
      const words = Array.from({ length: 16 }, (_, n) => report({ remains: n % 2 === 0 ? 900 : 400 }));
      await Promise.all(words.map((word) => recordReports(sql, provider, [word], later())));
      expect(await shown()).toMatchObject({ delivered: 600, batch: 600 });
    });
  });

  it('of an order of another provider is ignored, and so is one that does not exist', async () => {
    const { sql } = database;
    const [one, other] = [await runningOrder(), await runningOrder()];
    const strangers = [one.report({ remains: 1 }), one.report({ orderId: 999_999_999, remains: 1 })];
    expect(await recordReports(sql, other.provider, strangers, later())).toBe(0);
    expect(await one.shown()).toMatchObject({ delivered: 0 });
  });
});

describe('a start count of 0', () => {
  it('that comes before delivery began is not known, and a later number is taken', async () => {
    const { says, shown } = await runningOrder();
    for (const status of ['Pending', 'Processing', 'In progress'] as const) {
      await says({ status, startCount: 0, remains: 1000 });
      expect(await shown()).toMatchObject({ startCount: null, batchStartCount: null });
    }
    await says({ startCount: 3572, remains: 1000 });
    expect(await shown()).toMatchObject({ startCount: 3572, batchStartCount: 3572 });
    await says({ startCount: 0, remains: 400 });
    expect(await shown()).toMatchObject({ startCount: 3572, batchStartCount: 3572 });
  });

  it('is believed once something was delivered, and still gives way to a number', async () => {
    const { says, shown } = await runningOrder();
    await says({ startCount: 0, remains: 400 });
    expect(await shown()).toMatchObject({ startCount: 0, batchStartCount: 0 });
    expect(await says({ startCount: 0, remains: 400 })).toBe(0);
    await says({ startCount: 3572, remains: 400 });
    expect(await shown()).toMatchObject({ startCount: 3572, batchStartCount: 3572 });
  });

  it('of an order that completes at once is believed, of one that is canceled it is not', async () => {
    const [done, canceled] = [await runningOrder(), await runningOrder()];
    await done.says({ status: 'Completed', startCount: 0, remains: 0 });
    await canceled.says({ status: 'Canceled', startCount: 0, remains: 0, charge: '0' });
    expect((await done.shown())?.startCount).toBe(0);
    expect((await canceled.shown())?.startCount).toBeNull();
  });

  it('is never what a target is judged by, as panels that know none say 0 of everything', async () => {
    const { sql } = database;
    const { id, says } = await runningOrder();
    await says({ startCount: 0, remains: 400 });
    expect((await readTarget(sql, id)).start).toBeNull();
    await says({ startCount: 3572, remains: 400 });
    expect((await readTarget(sql, id)).start).toBe(3572);
    await sql`update orders set counted_start = 0 where id = ${id}`;
    expect((await readTarget(sql, id)).start).toBe(0);
  });
});

describe('a remains of 0 before the last word', () => {
  it.each(['Pending', 'Processing', 'In progress', 'Unknown'] as const)(
    'said of an order that is %s, without a larger number before, shows nothing and stops no stall clock',
    async (status) => {
      const { sql } = database;
      const { id, provider, says, shown } = await runningOrder();
      await sql`update orders set stall_after_seconds = 60 where id = ${id}`;
      await sql`update batches set progress_at = now() - interval '1 hour' where order_id = ${id}`;
      await says({ status, remains: 0 }, new Date());
      expect(await shown()).toMatchObject({ delivered: 0, samples: 0 });
      await recordStalls(sql, provider);
      expect((await takenReports(sql, provider, 0))[0]?.stalledSince).not.toBeNull();
      await says({ remains: 900 }, new Date());
      expect(await shown()).toMatchObject({ delivered: 100, samples: 1 });
    },
  );

  it('after a larger number, of an order that has begun, is about to complete', async () => {
    const { says, shown } = await runningOrder();
    await says({ status: 'Pending', remains: 1000 });
    await says({ status: 'Pending', remains: 0 });
    expect(await shown()).toMatchObject({ delivered: 0 });
    await says({ status: 'In progress', remains: null });
    await says({ status: 'In progress', remains: 0 });
    expect(await shown()).toMatchObject({ delivered: 1000 });
  });

  it('after more than was ordered is not a number either', async () => {
    const { says, shown } = await runningOrder();
    await says({ remains: 5000 });
    await says({ remains: 0 });
    expect(await shown()).toMatchObject({ delivered: 0, samples: 0 });
  });

  it('with the last word means all, but of a canceled order', async () => {
    const ends = [
      ['Completed', 0, 1000],
      ['Completed', null, 1000],
      ['Partial', 0, 1000],
      ['Partial', null, 0],
      ['Canceled', 0, 0],
      ['Canceled', -4, 0],
    ] as const;
    for (const [status, remains, delivered] of ends) {
      const { says, shown } = await runningOrder();
      await says({ status, remains, charge: '0' });
      expect([status, remains, (await shown())?.delivered]).toEqual([status, remains, delivered]);
    }
  });
});

describe('a word that says that it went wrong', () => {
  it('is told to the workflow, and what the provider says after it too', async () => {
    const { sql } = database;
    const { provider, says, shown } = await runningOrder();
    await says({ status: 'Error', remains: 1000, charge: '0.3' });
    expect(await shown()).toMatchObject({ reports: 1, terminalAt: null });
    expect(await runningBatches(sql, provider)).toHaveLength(1);
    await says({ status: 'Error', remains: 1000, charge: '0.3' });
    expect(await shown()).toMatchObject({ reports: 1 });
    await says({ status: 'In progress', remains: 800, charge: '0.3' });
    expect(await shown()).toMatchObject({ reports: 2, delivered: 200 });
  });
});

describe('the delivery curve', () => {
  it.each([[100_000], [1_000], [300]])(
    'of %i items, reported in many small steps, has few points',
    async (quantity) => {
      const { id, says, shown } = await runningOrder(quantity);
      const step = Math.max(Math.floor(quantity / 600), 1);
      for (let remains = quantity - 1; remains >= 0; remains -= step) await says({ remains });
      await says({ remains: 0, status: 'Completed' });
      const { samples, delivered } = (await shown()) as { samples: number; delivered: number };
      expect(samples).toBeLessThanOrEqual(LIMITS.samples);
      expect(samples).toBeGreaterThanOrEqual(Math.min(LIMITS.samples, quantity) * 0.9);
      expect(delivered).toBe(quantity);
      const points = await database.sql<{ delivered: bigint }[]>`
      select delivered from delivery_samples where order_id = ${id} order by at`;
      const curve = points.map((point) => Number(point.delivered));
      expect(curve).toEqual([...curve].sort((a, b) => a - b));
      expect(curve.at(-1)).toBe(quantity);
    },
  );
});

describe('the last word of a provider', () => {
  it('makes one report for the workflow, and nothing is heard after it', async () => {
    const { sql } = database;
    const { id, provider, says, shown } = await runningOrder();
    const at = later();
    expect(await says({ status: 'Partial', remains: 250, charge: '0.3' }, at)).toBe(1);
    expect(await says({ status: 'Partial', remains: 250, charge: '0.3' })).toBe(0);
    expect(await says({ status: 'Completed', remains: 0 })).toBe(0);
    expect(await says({ status: 'In progress', remains: 100 })).toBe(0);
    expect(await shown()).toMatchObject({ delivered: 750, reports: 1, terminalAt: at });
    expect(await runningBatches(sql, provider)).toEqual([]);
    expect(await takenReports(sql, provider, 30)).toEqual([
      {
        orderId: id,
        batch: 1,
        version: 1,
        status: 'Partial',
        remains: 250,
        startCount: null,
        charge: '0.3',
        stalledSince: null,
      },
    ]);
  });

  it('heard by ten watchers at once is still one report', async () => {
    const { sql } = database;
    const { provider, report, shown } = await runningOrder();
    const word = report({ status: 'Completed', remains: 0 });
    const changed = await atOnce(10, () => recordReports(sql, provider, [word], later()));
    expect(changed.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(await shown()).toMatchObject({ delivered: 1000, batch: 1000, reports: 1 });
  });

  it('heard by ten watchers at once is signalled by one of them', async () => {
    const { sql } = database;
    const { provider, report } = await runningOrder();
    const word = report({ status: 'Completed', remains: 0 });
    const due = await atOnce(10, () => recordCall(sql, provider, [word], later(), 30));
    expect(due.flat()).toMatchObject([{ status: 'Completed', version: 1 }]);
    expect(await takenReports(sql, provider, 30)).toEqual([]);
  });

  it('and a settlement at the same moment do not get in each other’s way', async () => {
    const { sql } = database;
    const all = await atOnce(10, () => runningOrder());
    const settled = await Promise.all(
      all.flatMap(({ id, provider, report }) => [
        recordReports(sql, provider, [report({ remains: 500 })], later()).then(() => true),
        end(sql, id, 1000, { ends: [{ batch: 1, delivered: 1000 }] }),
      ]),
    );
    expect(settled.every(Boolean)).toBe(true);
    for (const { shown } of all) expect(await shown()).toMatchObject({ delivered: 1000, batch: 1000 });
  });

  it('is told once, and again only when nobody acted on it for a while', async () => {
    const { sql } = database;
    const { id, provider, says } = await runningOrder();
    await says({ status: 'Completed', remains: 0 });
    await takenReports(sql, provider, 30);
    expect(await takenReports(sql, provider, 30)).toEqual([]);
    expect((await takenReports(sql, provider, 0)).length).toBe(1);
    await end(sql, id, 1000, { ends: [{ batch: 1, delivered: 1000 }] });
    expect(await takenReports(sql, provider, 0)).toEqual([]);
  });

  it.each(['Pending', 'Processing', 'In progress', 'Paused', 'Unknown'] as const)('is not %s', async (status) => {
    const { says, shown } = await runningOrder();
    await says({ status, remains: 0 });
    const reports = status === 'Paused' ? 1 : 0;
    expect(await shown()).toMatchObject({ reports, terminalAt: null, delivered: 0 });
  });
});
