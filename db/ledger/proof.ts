import type { Sql, Tx } from '../client.ts';
import { type Drift, type FoundDrift, ITEMS_AT_ONCE, type LedgerPart, type LedgerSeries, proveNext } from './ledger.ts';

/** A pass over everything old takes this many runs: of those of a day (1,440) some may be missed. */
const PASS_RUNS = 1_200;

/** What a run proves, in this order: all that is open or new, then the next slice of everything. */
const STAGES = ['open orders', 'wallets', 'new transfers', 'orders', 'transfers', 'claims', 'deposits'] as const;
type Stage = (typeof STAGES)[number];

/** Every run proves all of these; of the other series it proves a slice, and begins anew after the last item. */
const WHOLE: readonly Stage[] = ['open orders', 'wallets'];

/** How a run works; tests change it. */
export interface ProofOptions {
  /** Once it is true, the run begins no further statement. The next run goes on where this one stopped. */
  readonly isOver?: () => boolean;
  /** Items in one statement, and the least in one slice. */
  readonly atOnce?: number;
}

/** What one run proved. */
export interface ProofReport {
  /** Where the time was over, and the next run goes on; null: the run came to its end. */
  readonly stopped: Stage | null;
  /** Transfers that were not yet proved for good, and the orders that they touch. */
  readonly newTransfers: number;
  readonly newOrders: number;
  readonly series: Readonly<Record<LedgerSeries, number>>;
}

/** One run under way. */
interface Run {
  readonly sql: Sql | Tx;
  readonly isOver: () => boolean;
  readonly atOnce: number;
  newTransfers: number;
  newOrders: number;
  readonly series: Record<LedgerSeries, number>;
}

/**
 * Proves what is new, what is open and a slice of the old, and keeps what it found in `ledger_drift`. Each statement is short, and
 * the run writes down how far it is after each, so nothing is lost when it is stopped.
 */
export async function proveLedger(sql: Sql | Tx, options: ProofOptions = {}): Promise<ProofReport> {
  const begun = performance.now();
  const { isOver = () => false, atOnce = ITEMS_AT_ONCE } = options;
  const series = { transfers: 0, orders: 0, wallets: 0, claims: 0, deposits: 0, 'open orders': 0 };
  const run: Run = { sql, isOver, atOnce, newTransfers: 0, newOrders: 0, series };
  const marks = await markTransfers(sql);
  const [last] = await sql<{ stopped: Stage | null }[]>`select stopped from ledger_proof`;
  const stopped = await proveFrom(run, last?.stopped ?? STAGES[0], marks);
  const { newTransfers, newOrders } = run;
  const report = { stopped, newTransfers, newOrders, series };
  await sql`
    update ledger_proof set at = clock_timestamp(), took_ms = ${Math.round(performance.now() - begun)}, report = ${sql.json(report)},
      stopped = ${stopped}, complete_at = case when ${stopped === null} then clock_timestamp() else complete_at end`;
  return report;
}

/** The stage at which the time was over; null when the last one is done. */
async function proveFrom(run: Run, first: Stage, marks: Marks): Promise<Stage | null> {
  if (!(await proveAgain(run))) return first;
  for (const stage of STAGES.slice(STAGES.indexOf(first))) {
    const isDone = stage === 'new transfers' ? await proveNew(run, marks) : await proveSeries(run, stage);
    if (!isDone) return stage;
  }
  return null;
}

/** Where the proof of new transfers stands; mark_transfers in db/functions/ledger/proof.sql says why there are three. */
interface Marks {
  readonly provedTo: bigint;
  readonly confirmedTo: bigint;
  readonly seenTo: bigint;
}

async function markTransfers(sql: Sql | Tx): Promise<Marks> {
  const [row] = await sql<Marks[]>`
    select proved_to as "provedTo", confirmed_to as "confirmedTo", seen_to as "seenTo" from mark_transfers()`;
  return row as Marks;
}

/** Proves the items of known errors again. */
async function proveAgain({ sql, isOver, atOnce }: Run): Promise<boolean> {
  const known = await sql<{ part: LedgerPart; items: string[] }[]>`
    select part, array_agg(distinct item) as items from ledger_drift group by part`;
  for (const { part, items } of known) {
    for (let from = 0; from < items.length; from += atOnce) {
      if (isOver()) return false;
      await sql`select prove_again(${part}, ${items.slice(from, from + atOnce)}::text[])`;
    }
  }
  return true;
}

async function proveNew(run: Run, { provedTo, seenTo, ...marks }: Marks): Promise<boolean> {
  const { sql, isOver, atOnce } = run;
  // Transactions are short: since this run set its mark, those before it have mostly ended.
  const [mark] = await sql<{ confirmed: bigint }[]>`
    select seen_to as confirmed from ledger_proof where seen_by <= pg_snapshot_xmin(pg_current_snapshot())`;
  const confirmedTo = mark !== undefined && mark.confirmed > marks.confirmedTo ? mark.confirmed : marks.confirmedTo;
  let after = provedTo;
  while (after < seenTo) {
    if (isOver()) return false;
    const [row] = await sql<{ upto: bigint; transfers: number; orders: number; drift: FoundDrift[] }[]>`
      select * from prove_new(${after}, ${seenTo}, ${atOnce})`;
    if (row === undefined) throw new Error('prove_new gave no row');
    run.newTransfers += row.transfers;
    run.newOrders += row.orders;
    await keepDrift(sql, row.drift);
    // greatest: a second run may be further, when this worker was thought to be dead.
    await sql`
      update ledger_proof set proved_to = greatest(proved_to, least(${row.upto}::bigint, ${confirmedTo}::bigint))`;
    after = row.upto;
  }
  return true;
}

/** Proves a series, or its next slice; after its last item the next run begins anew. */
async function proveSeries(run: Run, series: LedgerSeries): Promise<boolean> {
  const { sql, isOver, atOnce } = run;
  const most = WHOLE.includes(series) ? Number.POSITIVE_INFINITY : await sliceOf(run, series);
  const [pass] = await sql<{ after: string | null }[]>`select after from ledger_passes where series = ${series}`;
  let after = pass?.after ?? null;
  for (let left = most; left > 0; ) {
    if (isOver()) return false;
    const wanted = Math.min(atOnce, left);
    const { upto, proved, drift } = await proveNext(sql, series, after, wanted);
    await keepDrift(sql, drift);
    run.series[series] += proved;
    left -= proved;
    after = upto;
    if (proved < wanted) {
      await sql`
        update ledger_passes set after = null, whole_since = begun_at, begun_at = clock_timestamp() where series = ${series}`;
      return true;
    }
    await sql`update ledger_passes set after = ${upto} where series = ${series}`;
  }
  return true;
}

/** The first and the last id of a series; null when it has none. Deposits have those of the transfers, which are more. */
export interface Ends {
  readonly first: number | null;
  readonly last: number | null;
}

export async function ledgerEnds(sql: Sql | Tx, series: LedgerSeries): Promise<Ends> {
  const [row] = await sql<Ends[]>`
    select first::float8 as first, last::float8 as last from ledger_ends(${series})`;
  return row as Ends;
}

/** How many items of a series a run proves so that all are proved within a day. */
async function sliceOf({ sql, atOnce }: Run, series: LedgerSeries): Promise<number> {
  const { first, last } = await ledgerEnds(sql, series);
  return first === null || last === null ? atOnce : Math.max(atOnce, Math.ceil((last - first + 1) / PASS_RUNS));
}

async function keepDrift(sql: Sql | Tx, drift: readonly FoundDrift[]): Promise<void> {
  for (const part of new Set(drift.map((found) => found.part))) {
    const items = drift.filter((found) => found.part === part).map(({ item }) => item);
    await sql`select keep_drift(${part}, ${items}::text[], ${sql.json(drift as never)})`;
  }
}

/** The result of the proof as it is stored. */
export interface StoredProof {
  /** When the last run ended and how long it took; null before the first one. */
  readonly at: Date | null;
  readonly tookMs: number | null;
  /** Known errors; null before the first run that came to its end. */
  readonly drift: number | null;
  /** When a run last came to its end; null before that. */
  readonly completeAt: Date | null;
  readonly ageSeconds: number | null;
  /** Everything, however old, was proved after this; null before the first whole pass. */
  readonly wholeSince: Date | null;
  readonly wholeAgeSeconds: number | null;
}

export async function readProof(sql: Sql | Tx): Promise<StoredProof> {
  const [row] = await sql<StoredProof[]>`
    select at, took_ms as "tookMs", case when complete_at is not null or drift > 0 then drift end as drift,
           complete_at as "completeAt", extract(epoch from clock_timestamp() - complete_at)::float8 as "ageSeconds",
           whole_since as "wholeSince",
           extract(epoch from clock_timestamp() - whole_since)::float8 as "wholeAgeSeconds"
      from ledger_proof, (select count(*)::integer as drift from ledger_drift) d,
        (select case when bool_and(whole_since is not null) then min(whole_since) end as whole_since from ledger_passes) p`;
  return row as StoredProof;
}

/** A known error, and when a run first found it. */
export interface KnownDrift extends Drift {
  readonly foundAt: Date;
}

/** Known errors, the oldest first. */
export async function listDrift(sql: Sql, limit: number): Promise<KnownDrift[]> {
  return sql<KnownDrift[]>`
    select check_name as "check", subject, detail, found_at as "foundAt" from ledger_drift order by id limit ${limit}`;
}
