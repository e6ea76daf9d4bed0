import type { FC } from 'hono/jsx';
import type { Order } from '../../../../client/openapi.ts';
import { count } from '../../view/formats.ts';
import { Due, Status, Time } from '../../view/parts.tsx';
import { type Column, OnlyLast, Row, Table } from '../../view/table.tsx';
import { runsBegun } from '../orders/eta.ts';

/** Coming runs that are shown; their number is said. */
const SHOWN = 20;

const COLUMNS: readonly Column[] = [
  { name: 'Run' },
  { name: 'Status' },
  { name: 'Delivered', kind: 'number' },
  { name: 'Started or due', kind: 'number' },
];

type Planned = Pick<Order, 'settledAt' | 'attention' | 'nextRunAt' | 'runs' | 'intervalMinutes' | 'batches'>;

/** The runs that are still to begin. Nothing is due while the order is paused: then `dueAt` is null. */
export function comingRuns({ settledAt, attention, nextRunAt, runs, intervalMinutes, batches }: Planned) {
  const begun = runsBegun(batches);
  if (settledAt !== null || (nextRunAt === null && attention !== 'paused')) return [];
  return Array.from({ length: Math.max(runs - begun, 0) }, (_, later) => ({
    run: begun + later + 1,
    dueAt:
      nextRunAt === null
        ? null
        : new Date(Date.parse(nextRunAt) + later * (intervalMinutes ?? 0) * 60_000).toISOString(),
  }));
}

/** The runs that have begun, and the next ones with the time when each is due. */
export const Runs: FC<{ order: Order }> = ({ order }) => {
  const { batches, quantity } = order;
  const coming = comingRuns(order);
  const last = coming.at(-1);
  const begun = runsBegun(batches);
  return (
    <section id="runs" aria-label="Runs">
      <h2>Runs</h2>
      {begun > batches.length ? <OnlyLast shown={batches.length} all={begun} what="runs that have begun" /> : ''}
      {batches.length === 0 && coming.length === 0 ? (
        <p class="quiet">Nothing was sent yet.</p>
      ) : (
        <Table columns={COLUMNS} caption="Runs">
          {batches.map((batch) => (
            <Row
              columns={COLUMNS}
              cells={[
                count(batch.batch),
                <Status status={batch.status} />,
                <span class="number">
                  {count(batch.delivered)} / {count(batch.quantity)}
                </span>,
                <Time at={batch.startedAt} />,
              ]}
            />
          ))}
          {coming.slice(0, SHOWN).map(({ run, dueAt }) => (
            <Row
              columns={COLUMNS}
              cells={[
                count(run),
                <Status status="Planned" />,
                <span class="number">0 / {count(quantity)}</span>,
                <Due at={dueAt} />,
              ]}
            />
          ))}
        </Table>
      )}
      {last === undefined || coming.length <= SHOWN ? (
        ''
      ) : (
        <p class="quiet">
          {count(coming.length - SHOWN)} more runs follow
          {last.dueAt === null ? (
            ''
          ) : (
            <>
              , the last <Due at={last.dueAt} />
            </>
          )}
          .
        </p>
      )}
    </section>
  );
};
