import type { PendingQuery } from 'postgres';
import type { CatalogueRow } from '../../domain/catalogue/changes.ts';
import type { Markup } from '../../domain/catalogue/mark-up.ts';
import {
  type CheckedRoute,
  type Held,
  judgeRoute,
  ROUTE_ALERTS,
  repriced,
} from '../../domain/catalogue/route-check.ts';
import type { Rate } from '../../domain/ledger/money.ts';
import { isOther } from '../../domain/provider/balance.ts';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Sql, Tx } from '../client.ts';
import { setAlerts, type WantedAlert } from '../reconcile/alerts.ts';
import { unhurried } from './provider-catalogue.ts';

/** A part of a statement. */
type Fragment = PendingQuery<Row[]>;

/** A route and its service. */
interface Row {
  service: number;
  position: number;
  active: boolean;
  type: string;
  sold: bigint;
  service_min: number;
  service_max: number;
  service_step: number;
  provider: number;
  provider_service: string;
  rate: bigint;
  held: Held | null;
  min: number | null;
  max: number | null;
  step: number | null;
  currency: string | null;
  row: (CatalogueRow & { gone: boolean }) | null;
  /** The mark-up rule, on the route that the service was imported with, when its price follows the provider's rate; else null. */
  percent: bigint | null;
  plus: bigint | null;
}

/** The routes of the services that match `which`. */
const readRows = (tx: Tx, which: Fragment): Promise<Row[]> => tx<Row[]>`
  select s.id as service, r.position, r.active, s.type, s.rate as sold, s.min as service_min, s.max as service_max, s.step as service_step,
         r.provider_id as provider, r.provider_service, r.rate, r.held, r.min_quantity::float8 as min, r.max_quantity::float8 as max, r.quantity_step::float8 as step,
         c.currency, i.percent, i.plus,
         case when p.id is not null then jsonb_build_object('service', p.service, 'name', p.name, 'category', p.category,
           'type', p.type, 'rate', p.rate, 'min', p.min, 'max', p.max, 'step', p.step, 'dripFeed', p.drip_feed, 'refill', p.refill,
           'cancel', p.cancel, 'gone', p.gone_at is not null) end as row
    from services s join routes r on r.service_id = s.id
    left join provider_services p on p.provider_id = r.provider_id and p.service = r.provider_service
    left join provider_checks c on c.provider_id = r.provider_id
    left join imports i on i.service_id = s.id and i.follow and i.provider_id = r.provider_id
      and i.provider_service = r.provider_service
    where ${which}
    order by s.id, r.position`;

const routeOf = (row: Row, ours: string): CheckedRoute => ({
  provider: row.provider,
  providerService: row.provider_service,
  rate: row.rate as Rate,
  held: row.held,
  min: row.min,
  max: row.max,
  step: row.step,
  row: row.row,
  comparable: !isOther(row.currency, ours),
});

const serviceOf = (row: Row, rate: Rate) => ({
  ...{ type: row.type, rate },
  ...{ min: row.service_min, max: row.service_max, step: row.service_step },
});

/** How many routes and prices were changed; `raised` are the alerts that were not open before. */
export interface JudgedRoutes {
  readonly held: number;
  readonly freed: number;
  readonly repriced: number;
  readonly raised: readonly WantedAlert[];
}

/**
 * Judges all routes of the services that have a route at the provider by the stored catalogues, and sets new prices for the
 * services that follow a provider's rate. It reads only stored data, so a repeat, or a later run, has the same result.
 */
export async function judgeRoutes(sql: Sql, provider: number, ours: string): Promise<JudgedRoutes> {
  return sql.begin(async (tx) => {
    await unhurried(tx);
    await lockRoutes(tx);
    const rows = await readRows(
      tx,
      tx`s.active and exists (select from routes own where own.service_id = s.id and own.provider_id = ${provider})`,
    );
    const sold = soldAt(rows, ours);
    await tx`
      update services s set rate = n.rate from jsonb_to_recordset(${tx.json(rated(sold))}) as n(service integer, rate bigint)
        where s.id = n.service`;
    return { ...(await judge(tx, rows, sold, ours)), repriced: sold.size };
  }) as Promise<JudgedRoutes>;
}

/** Judges the routes of one service that staff have just changed; its price stays as staff set it. */
export async function judgeService(tx: Tx, service: number, ours: string): Promise<void> {
  await judge(tx, await readRows(tx, tx`s.id = ${service}`), new Map(), ours);
}

/**
 * Lets one transaction at a time judge or change routes: routes are named by position, and another change would move positions.
 */
export const lockRoutes = async (tx: Tx): Promise<void> => {
  await tx`select pg_advisory_xact_lock(${ADVISORY_LOCKS.routes})`;
};

/** Resolves the alerts about routes that the service no longer has. */
export async function forgetRouteAlerts(tx: Tx, service: number): Promise<void> {
  await tx`
    select resolve_alert(kind, subject, clock_timestamp()) from alerts
      where resolved_at is null and kind = any(${[...ROUTE_ALERTS]}) and subject like ${`route:${service}-%`}`;
}

async function judge(
  tx: Tx,
  rows: readonly Row[],
  sold: ReadonlyMap<number, Rate>,
  ours: string,
): Promise<Omit<JudgedRoutes, 'repriced'>> {
  const judged = rows.map((row) => {
    const rate = sold.get(row.service) ?? (row.sold as Rate);
    return { row, verdict: judgeRoute(serviceOf(row, rate), routeOf(row, ours)) };
  });
  const changed = judged.filter(
    ({ row, verdict: v }) =>
      row.rate !== v.rate ||
      row.held !== v.held ||
      row.min !== v.min ||
      row.max !== v.max ||
      row.step !== (v.step ?? null),
  );
  const routes = changed.map(({ row: { service, position }, verdict: { rate, held, min, max, step = null } }) => ({
    ...{ service, position, held, min, max, step },
    rate: rate.toString(),
  }));
  await tx`
    update routes r set rate = n.rate, held = n.held, min_quantity = n.min, max_quantity = n.max, quantity_step = n.step
      from jsonb_to_recordset(${tx.json(routes)})
        as n(service integer, position integer, rate bigint, held text, min bigint, max bigint, step bigint)
      where r.service_id = n.service and r.position = n.position`;
  const raised = await setAlerts(
    tx,
    judged.flatMap(({ row, verdict }) => {
      const subject = `route:${row.service}-${row.position}`;
      return ROUTE_ALERTS.map((kind) => ({ kind, subject, detail: row.active ? verdict.alerts[kind] : undefined }));
    }),
  );
  return {
    held: changed.filter(({ row, verdict }) => row.held === null && verdict.held !== null).length,
    freed: changed.filter(({ row, verdict }) => row.held !== null && verdict.held === null).length,
    raised,
  };
}

/** The new rates of the services that follow a provider's rate, by service. */
function soldAt(rows: readonly Row[], ours: string): Map<number, Rate> {
  const sold = new Map<number, Rate>();
  for (const row of rows) {
    if (row.percent === null || row.plus === null) continue;
    const rule: Markup = { percent: row.percent, plus: row.plus as Rate };
    const rate = repriced(serviceOf(row, row.sold as Rate), routeOf(row, ours), rule);
    if (rate !== row.sold) sold.set(row.service, rate);
  }
  return sold;
}

const rated = (sold: ReadonlyMap<number, Rate>) =>
  [...sold].map(([service, rate]) => ({ service, rate: rate.toString() }));
