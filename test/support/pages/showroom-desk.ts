import { expect, vi } from 'vitest';
import { judgeLastWords } from '../../../db/delivery/post-settlement-checks.ts';
import { addCalls } from '../../../db/provider/calls.ts';
import { recordBalance } from '../../../db/provider/checks.ts';
import { raiseAlert } from '../../../db/reconcile/alerts.ts';
import { FIRST_CURSORS, keepRun } from '../../../db/reconcile/reconciliation.ts';
import { withOne } from '../../../domain/report/histogram.ts';
import type { ApiWorld } from '../worlds/api-world.ts';
import { archivedOrders } from '../worlds/archive.ts';
import { holdCorrections } from '../worlds/held.ts';
import type { Shop } from '../worlds/shop.ts';
import { countEverything, furnishCatalogue } from './showroom-past.ts';

const MINUTE_MS = 60_000;
const PATIENT = { timeout: 30_000, interval: 100 };

/** Orders that the pages of staff show. */
interface Orders {
  readonly stalled: number;
  /** Stalls too, and staff decide about it. */
  readonly decided: number;
  /** Waits for nothing, so that a decision about it is refused. */
  readonly ended: number;
}

/** Fills what only staff see. Returns the ids of its objects, by what they are. */
export async function furnishDesk(opened: ApiWorld, second: Shop, { stalled, decided, ended }: Orders) {
  const { world, shop } = opened;
  const { sql } = world;
  const [quick = 0] = shop.providers;
  const [slow = 0] = second.providers;
  const ask = async (path: string, body: object, method = 'POST') => {
    const answer = await opened.api.v1(`/v1/admin${path}`, { key: opened.staff, method, body, idempotencyKey: path });
    expect([path, answer.body.code, answer.status < 300]).toEqual([path, undefined, true]);
    return answer.body;
  };

  await recordBalance(sql, quick, { balance: '1840.25', currency: 'USD' }, new Date());
  await recordBalance(sql, slow, { balance: '12.4', currency: 'USD' }, new Date());
  await furnishCatalogue(sql, quick);
  await ask(`/providers/${quick}`, { statusWords: { Selesai: 'Completed' } }, 'PATCH');
  await ask(`/providers/${slow}`, { lowBalance: '50' }, 'PATCH');
  await ask(`/providers/${slow}/pause`, { minutes: 90, reason: 'it moves to another host' });
  await addCalls(sql, [...callsOf(quick, 1), ...callsOf(slow, 3)]);

  const takenBack = await archivedOrders(sql, second, { orders: 4, points: 1, placedDaysAgo: 2, settledDaysAgo: 1 });
  await holdCorrections(sql, takenBack, 400);
  await judgeLastWords(sql, slow, new Date());
  const about = {
    kind: 'provider_balance',
    subject: `provider:${slow}`,
    detail: 'the balance 12.4 USD is below 50 USD',
  } as const;
  await raiseAlert(sql, about);
  const said = 'its status "Sedang jalan" is not known: teach it with statusWords';
  await raiseAlert(sql, { kind: 'provider_word', subject: `word:${quick}:sedangjalan`, detail: said });
  const lost = 'its workflow was lost: it was terminated; it is started again';
  await raiseAlert(sql, { kind: 'order_lost', subject: `order:${stalled}`, detail: lost });

  const looked = { orders: 14, workflows: 14, providers: 2 };
  const findings = [{ kind: 'order_lost', found: 1, repaired: 1 }] as const;
  await keepRun(sql, 240, { looked, findings, failed: [] }, { ...FIRST_CURSORS, sweptAt: new Date() });

  const { id } = await ask('/reviews/resolve', {
    ids: [decided, ended],
    action: 'complete',
    reason: 'the provider shows all of it',
  });
  const progress = async () => (await opened.api.v1(`/v1/admin/reviews/resolutions/${id}`, { key: opened.staff })).body;
  await vi.waitFor(async () => expect(await progress()).toMatchObject({ status: 'ended' }), PATIENT);
  await countEverything(sql);
  return { account: shop.account, quick, slow, decision: Number(id) };
}

/** Calls of a day by the half hour: `trouble` of them fail each time, and six times as many now and then. */
function callsOf(provider: number, trouble: number) {
  const minute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  return Array.from({ length: 48 }, (_, n) => n).flatMap((n) => {
    const busy = 40 + Math.round(30 * Math.sin((n / 48) * 2 * Math.PI));
    const failed = n % 9 === 4 ? 6 * trouble : trouble;
    const common = { provider, minute: minute - n * 30 * MINUTE_MS, errors: failed, notSent: 0, noAnswer: trouble };
    return [
      { ...common, action: 'add', answered: Math.round(busy / 4), latency: withOne([], 240 * trouble) },
      { ...common, action: 'status', answered: busy, latency: withOne([], 120 * trouble) },
    ];
  });
}
