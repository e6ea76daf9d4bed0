import type { Sql } from '../../../db/client.ts';
import { correctBatch } from '../../../db/delivery/post-settlement-checks.ts';
import { attemptAccepted } from '../../../db/dispatch/attempts.ts';
import { type ProviderReport, verdict } from '../../../domain/delivery/verdict.ts';
import { costFromProvider, type Money } from '../../../domain/ledger/money.ts';
import type { Reason } from '../../../domain/order/status.ts';
import { attemptOf, running, sending } from '../engines/running.ts';
import { end } from '../reads/books.ts';
import { openShop, type ShopOptions } from '../worlds/shop.ts';

/**
 * How a batch of 1000 ended: items delivered by the provider's report, or null when a person settled the order before the batch
 * ended.
 */
export type BatchEnd = number | null;

export interface SettledOptions extends ShopOptions {
  /** The delivered items that a person decided; by default the sum of the batches. */
  readonly decided?: number;
  readonly reason?: Reason;
  /** The missing items of the first batch, which a second provider delivered; needs two providers. */
  readonly resent?: number;
  /** The booked cost of each batch, in units of 1e-8. */
  readonly cost?: string;
  /** Cost of one item by the route's rate, used when a report has no charge; default 0. */
  readonly rate?: bigint;
}

/** A settled order with a batch of 1000 for each end, and a function that records later reports of its provider. */
export async function settledOrder(sql: Sql, ends: readonly BatchEnd[], options: SettledOptions = {}) {
  const { decided, reason = null, resent, cost, rate = 0n, ...shop } = options;
  const { account, order, providers } = await openShop(sql, { balance: '10', ...shop });
  const [provider = 0] = providers;
  const drip = ends.length === 1 ? {} : { dripFeed: { runs: ends.length, intervalMinutes: 60 } };
  const id = await order({ quantity: 1000, ...drip });
  for (const [at] of ends.entries()) await running(sql, id, `${id}-${at + 1}`, new Date(), at + 1);
  if (resent !== undefined) await sentAgain(sql, id, ends.length + 1, resent);
  const all = resent === undefined ? ends : [...ends, resent];
  const delivered = all.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  await end(sql, id, decided ?? delivered, {
    reason,
    ends: all.flatMap((one, at) => (one === null ? [] : [{ batch: at + 1, delivered: one }])),
    costs: cost === undefined ? [] : ends.map((_, at) => ({ batch: at + 1, cost, raw: null })),
  });
  const says = (said: Partial<ProviderReport> & Pick<ProviderReport, 'status'>, batch = 1): Promise<boolean> => {
    const report = { remains: null, startCount: null, charge: null, ...said };
    const news = verdict(report, 1000);
    const kept = report.charge === null ? null : (costFromProvider(report.charge) ?? null);
    const word = {
      orderId: id,
      batch,
      said: report,
      delivered: news.kind === 'ended' ? news.delivered : null,
      cost: kept,
      rateCost: news.kind === 'ended' ? ((rate * BigInt(news.delivered)) as Money) : null,
    };
    return correctBatch(sql, word, new Date());
  };
  return { id, account, provider, says };
}

/** Makes a batch of the missing items of the first one run at the next route. */
async function sentAgain(sql: Sql, id: number, batch: number, quantity: number): Promise<void> {
  await sql`update batches set state = 'done', delivered = quantity - ${quantity} where order_id = ${id} and batch = 1`;
  const part = attemptOf(id, 1, batch, { quantity, resends: 1 });
  await sending(sql, part);
  await attemptAccepted(sql, part, `${id}-${batch}`, new Date());
}
