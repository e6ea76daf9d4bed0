import type { Sql } from '../../db/client.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import type { OrderWorkflow } from './order-workflow.ts';
import type { SeededProviders } from './provider.ts';

/** A broken rule. */
export interface Breach {
  readonly rule: string;
  readonly subject: string;
  readonly detail: string;
}

/** What the check compares with PostgreSQL when the seed is over. */
export interface Truth {
  readonly providers: SeededProviders;
  readonly workflows: ReadonlyMap<number, OrderWorkflow>;
  /** The providers that have a watch. */
  readonly watched: ReadonlySet<number>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface AttemptRow {
  readonly sentFor: string;
  readonly state: string;
  readonly provider: string;
  readonly providerOrder: string | null;
}

/** Checks the result of a seed when nothing is running any more. An empty list means that no rule is broken. */
export async function check(sql: Sql, truth: Truth): Promise<Breach[]> {
  const drift = await verifyLedger(sql);
  return [
    ...drift.map(({ check: rule, subject, detail }) => ({ rule: `books: ${rule}`, subject, detail })),
    ...(await sends(sql, truth)),
    ...(await ends(sql, truth)),
    ...(await charges(sql, truth)),
  ];
}

/** Each attempt may have at most one order at a provider, and each provider order must be recorded with its attempt. */
async function sends(sql: Sql, { providers }: Truth): Promise<Breach[]> {
  const rows = await sql<AttemptRow[]>`
    select a.order_id || '/' || a.batch || '/' || a.attempt as "sentFor", a.state, p.url as provider,
           coalesce(a.provider_order, l.provider_order) as "providerOrder"
      from attempts a join providers p on p.id = a.provider_id
      left join late_orders l on (l.order_id, l.batch, l.attempt) = (a.order_id, a.batch, a.attempt)`;
  const attempts = new Map(rows.map((row) => [row.sentFor, row]));
  const breaches: Breach[] = [];
  const times = new Map<string, number>();
  const perBatch = new Map<string, number>();
  for (const { provider, order } of providers.taken) {
    const { sentFor, id } = order;
    const subject = `attempt ${sentFor}`;
    times.set(sentFor, (times.get(sentFor) ?? 0) + 1);
    const attempt = attempts.get(sentFor);
    const is = `order ${id} of provider ${provider}`;
    if (attempt === undefined) {
      breaches.push({ rule: 'a send without an attempt', subject, detail: is });
      continue;
    }
    // A person gave the attempt up, unknowingly or on purpose. The order there is a known loss.
    const decided = attempt.state === 'released' || attempt.state === 'unknown';
    if (attempt.state === 'accepted' && attempt.providerOrder !== id) {
      breaches.push({
        rule: 'another order is taken for it',
        subject,
        detail: `${is}, we say ${attempt.providerOrder}`,
      });
    } else if (attempt.state !== 'accepted' && !decided) {
      breaches.push({
        rule: 'an order there that nobody knows of',
        subject,
        detail: `${is}, the attempt is ${attempt.state}`,
      });
    }
    const batch = sentFor.replace(/\/\d+$/, '');
    if (attempt.state === 'accepted') perBatch.set(batch, (perBatch.get(batch) ?? 0) + 1);
  }
  for (const [sentFor, count] of times) {
    if (count > 1)
      breaches.push({ rule: 'sent more than once', subject: `attempt ${sentFor}`, detail: `${count} times` });
  }
  for (const [batch, count] of perBatch) {
    if (count > 1)
      breaches.push({ rule: 'more than one confirmed send', subject: `batch ${batch}`, detail: `${count}` });
  }
  const known = new Set(providers.taken.map(({ provider, order }) => `${provider} ${order.id}`));
  for (const { sentFor, state, provider, providerOrder } of rows) {
    if (state !== 'accepted' || known.has(`${nameOf(provider)} ${providerOrder}`)) continue;
    breaches.push({
      rule: 'an order there that does not exist',
      subject: `attempt ${sentFor}`,
      detail: `${providerOrder}`,
    });
  }
  return breaches;
}

/** Every order must have ended or wait for a person, and nothing of it may run unwatched. */
async function ends(sql: Sql, { workflows, watched, now }: Truth): Promise<Breach[]> {
  const open = await sql<{ subject: string; detail: string }[]>`
    select 'order ' || id as subject, status || ', ' || attention as detail from orders where settled_at is null`;
  const going = await sql<{ subject: string; detail: string; provider: number | null; settled: boolean }[]>`
    select 'batch ' || b.order_id || '/' || b.batch as subject, b.state as detail, b.provider_id as provider,
           o.settled_at is not null as settled
      from batches b join orders o on o.id = b.order_id where b.state <> 'done'`;
  const undecided = await sql<{ subject: string; detail: string }[]>`
    select 'claim ' || order_id as subject, state as detail from claims where state = 'open'`;
  const late = await sql<{ subject: string; detail: string }[]>`
    select 'late order ' || provider_order as subject, coalesce(provider_status, 'not asked') as detail
      from late_orders where booked_at is null and at < ${new Date(now - 48 * 3_600_000)}`;
  return [
    ...open.map((row) => ({ rule: 'an order that never ends', ...row })),
    ...going.map(({ subject, detail }) => ({ rule: 'a batch that goes on after its order', subject, detail })),
    ...going
      .filter(({ provider }) => provider !== null && !watched.has(provider))
      .map(({ subject, detail }) => ({ rule: 'a batch that nobody watches', subject, detail })),
    ...undecided.map((row) => ({ rule: 'a claim that nobody decided', ...row })),
    ...late.map((row) => ({ rule: 'a late order without its loss', ...row })),
    ...[...workflows.values()]
      .filter(({ closed }) => !closed)
      .map(({ orderId }) => ({ rule: 'a workflow that never ends', subject: `order ${orderId}`, detail: 'open' })),
  ];
}

/** Every customer must pay exactly for the items that providers delivered in the end, unless a person decided otherwise. */
async function charges(sql: Sql, { providers, now }: Truth): Promise<Breach[]> {
  const rows = await sql<Charged[]>`
    select o.id::float8 as "orderId", o.price, o.charge, o.refunded, o.unit_price as unit, o.delivered::float8 as delivered,
           o.total_quantity::float8 as total,
           exists (select from events e where e.order_id = o.id and e.type in ('resolved.complete', 'resolved.partial')) as decided,
           coalesce((select jsonb_agg(p.url || ' ' || b.provider_order) from batches b join providers p on p.id = b.provider_id
             where b.order_id = o.id and b.provider_order is not null and b.refill is null), '[]') as upstream
      from orders o where o.settled_at is not null`;
  const truth = new Map(
    providers.taken.map(({ provider, order }) => [`${provider} ${order.id}`, order.lastWord(now)?.delivered ?? 0]),
  );
  return rows.flatMap(({ orderId, price, charge, refunded, unit, delivered, total, decided, upstream }): Breach[] => {
    const subject = `order ${orderId}`;
    const sum = upstream.reduce((known, one) => known + (truth.get(withName(one)) ?? 0), 0);
    const expected = Math.min(sum, total);
    const breaches: Breach[] = [];
    if (charge + refunded !== price) {
      breaches.push({
        rule: 'charge and refund are not the price',
        subject,
        detail: `${charge} + ${refunded} ≠ ${price}`,
      });
    }
    if (charge !== unit * BigInt(delivered)) {
      breaches.push({ rule: 'charged for something else', subject, detail: `${charge} for ${delivered}` });
    }
    if (!decided && delivered !== expected) {
      breaches.push({
        rule: 'charged for what was not so',
        subject,
        detail: `${delivered}, the providers say ${expected}`,
      });
    }
    return breaches;
  });
}

/** Customers must never be shown more of a running order than its providers have delivered by then. */
export async function shownTooMuch(sql: Sql, { providers, now }: Pick<Truth, 'providers' | 'now'>): Promise<Breach[]> {
  const rows = await sql<{ orderId: number; delivered: number; upstream: string[] }[]>`
    select o.id::float8 as "orderId", o.delivered::float8 as delivered,
           array(select p.url || ' ' || b.provider_order from batches b join providers p on p.id = b.provider_id
             where b.order_id = o.id and b.provider_order is not null and b.refill is null) as upstream
      from orders o where o.settled_at is null and o.delivered > 0`;
  const truth = new Map(providers.taken.map(({ provider, order }) => [`${provider} ${order.id}`, order]));
  return rows.flatMap(({ orderId, delivered, upstream }): Breach[] => {
    const most = upstream.reduce((sum, one) => sum + (truth.get(withName(one))?.deliveredBy(now) ?? 0), 0);
    if (delivered <= most) return [];
    const detail = `${delivered} are shown, the providers have delivered ${most}`;
    return [{ rule: 'more is shown than was delivered', subject: `order ${orderId}`, detail }];
  });
}

interface Charged {
  readonly orderId: number;
  readonly price: bigint;
  readonly charge: bigint;
  readonly refunded: bigint;
  readonly unit: bigint;
  readonly delivered: number;
  readonly total: number;
  /** A person decided how much counts. */
  readonly decided: boolean;
  readonly upstream: readonly string[];
}

/** A provider's name is the path of its url. */
const nameOf = (url: string): string => new URL(url).pathname.slice(1);
const withName = (urlAndOrder: string): string => {
  const [url = '', order] = urlAndOrder.split(' ');
  return `${nameOf(url)} ${order}`;
};
