import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRounds } from '../../activities/delivery/rounds.ts';
import { connect, type Sql } from '../../db/client.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { copyRunning } from '../support/engines/many-running.ts';
import { running } from '../support/engines/running.ts';
import { recordStatements, type Statements } from '../support/engines/statements.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { end } from '../support/reads/books.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

let database: TestDatabase;
let sql: Sql;
let statements: Statements;
let panel: ScriptedPanel;
let shop: Shop;
let provider: number;
let seconds: number;
let signalled: string[];
let round: () => Promise<{ readonly calls: number; readonly statements: readonly string[] }>;

beforeAll(async () => {
  database = await testDatabase();
  sql = connect(database.appUrl, { name: 'holdfast-test-worker', max: 20 });
  statements = recordStatements(sql);
});
beforeEach(async () => {
  panel = await scriptedPanel();
  const masterKey = randomBytes(32);
  shop = await openShop(database.sql, { providers: [panel.url], masterKey });
  provider = shop.providers[0] ?? 0;
  seconds = 0;
  signalled = [];
  const getHandle = (id: string) => ({ signal: async () => void signalled.push(id) });
  const temporal = { workflow: { getHandle } } as unknown as Client;
  const deps = { sql, temporal, masterKey, currency: 'USD', allowLoopback: true, log: pino({ level: 'silent' }) };
  const rounds = createRounds(deps, () => seconds * 1_000);
  // The first round also resolves alerts that another process may have left, and marks the provider.
  await (await rounds(provider)).beside;
  statements.take();
  round = async () => {
    const { calls, beside } = await rounds(provider);
    await beside;
    return { calls, statements: statements.take() };
  };
  return () => panel.close();
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

/** An order that runs at the provider. */
async function runningOrder(): Promise<number> {
  const id = await shop.order();
  await running(database.sql, id, `${id}`);
  return id;
}
const counted = (all: readonly string[], part: string) => all.filter((text) => text.includes(part)).length;

describe('a watch of a provider without running orders', () => {
  it('sends one statement a round, and sees a new order in the round after its acceptance', async () => {
    for (let times = 0; times < 5; times += 1) expect((await round()).statements).toHaveLength(1);
    await runningOrder();
    expect((await round()).calls).toBe(1);
    expect(panel.calls.filter(({ action }) => action === 'status')).toHaveLength(1);
  });

  it('marks the provider as watched every half minute', async () => {
    seconds += 31;
    expect(counted((await round()).statements, 'insert into watch_rounds')).toBe(1);
    expect((await round()).statements).toHaveLength(1);
  });

  it('whose orders have all ended, and are checked no more, sends one statement too', async () => {
    const id = await runningOrder();
    const at = new Date(Date.now() - 200 * 3_600_000);
    await end(database.sql, id, 1000, { at, ends: [{ batch: 1, delivered: 1000 }] });
    await database.sql`update batches set next_look_at = null, terminal_at = ${at} where order_id = ${id}`;
    expect((await round()).statements).toHaveLength(1);
    expect(panel.calls).toHaveLength(0);
  });
});

describe('a watch of running orders', () => {
  it('sends one statement a call, and five a round, while nothing changes', async () => {
    await copyRunning(database.sql, await runningOrder(), 249);
    await round();
    const { calls, statements: sent } = await round();
    expect(calls).toBe(3);
    expect(counted(sent, 'record_call')).toBe(3);
    expect(sent).toHaveLength(3 + 5);
    expect(signalled).toEqual([]);
  });

  it('signals all changes of 2,500 orders in one round of 25 calls, each once', async () => {
    const template = await runningOrder();
    const first = await copyRunning(database.sql, template, 2_499);
    const orders = [template, ...Array.from({ length: 2_499 }, (_, at) => first + at)];
    panel.onStatus = () => ({ status: 'Completed', remains: '0', charge: '0.5', start_count: '10' });
    const { calls, statements: sent } = await round();
    expect(calls).toBe(25);
    expect(panel.calls.filter(({ action }) => action === 'status')).toHaveLength(25);
    expect(counted(sent, 'record_call')).toBe(25);
    // What to do, three pages of batches, last words, stalls, reports that no call has taken.
    expect(sent).toHaveLength(25 + 7);
    expect([...signalled].sort()).toEqual(orders.map((id) => `order-${id}`).sort());
    const again = await round();
    expect(again.calls).toBe(0);
    expect(signalled).toHaveLength(orders.length);
  });

  it('signals 2,500 stalls in one round, and again only when no workflow has acted on them for a while', async () => {
    await copyRunning(database.sql, await runningOrder(), 2_499);
    await database.sql`update batches set progress_at = progress_at - interval '30 days' where provider_id = ${provider}`;
    const { statements: sent } = await round();
    expect(counted(sent, 'record_stalls')).toBe(1);
    // 1,000 reports a statement.
    expect(counted(sent, 'take_reports')).toBe(3);
    expect(new Set(signalled).size).toBe(2_500);
    await round();
    expect(signalled).toHaveLength(2_500);
    await database.sql`update batches set reported_at = reported_at - interval '31 seconds' where provider_id = ${provider}`;
    await round();
    expect(signalled).toHaveLength(5_000);
  });
});
