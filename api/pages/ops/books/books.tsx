import type { FC } from 'hono/jsx';
import type { LedgerProof, Reconciliation } from '../../../../client/openapi.ts';
import type { Page } from '../../page.ts';
import { count, duration } from '../../view/formats.ts';
import { Empty, Heading, Time } from '../../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../../view/table.tsx';
import { Subject } from '../subject.tsx';

const took = (ms: number | null): string => {
  if (ms === null) return '–';
  return ms < 10_000 ? `${count(ms)} ms` : duration(ms / 1_000);
};

const ERROR_COLUMNS: readonly Column[] = [
  { name: 'Check' },
  { name: 'About' },
  { name: 'What' },
  { name: 'Found', kind: 'number' },
];

const Drift: FC<{ drift: number | null }> = ({ drift }) => {
  if (drift === null) return <span class="badge">not proved yet</span>;
  return drift === 0 ? (
    <span class="badge is-completed">the books add up</span>
  ) : (
    <span class="badge is-failed">{count(drift)} errors</span>
  );
};

const Proof: FC<{ proof: LedgerProof }> = ({ proof: { at, tookMs, drift, completeAt, wholeSince, errors } }) => (
  <section aria-label="Books">
    <h2>Books</h2>
    <Facts
      of={[
        ['Result', <Drift drift={drift} />],
        ['Last proof', <Time at={at} />],
        ['It took', took(tookMs)],
        ['New and open entries', <Time at={completeAt} />],
        ['All entries since', <Time at={wholeSince} />],
      ]}
    />
    {errors.length === 0 ? (
      ''
    ) : (
      <>
        <p>
          Pay nothing out before you understand this. <code>npm run verify:ledger</code> lists all of it.
        </p>
        <Table columns={ERROR_COLUMNS} caption="Errors in the books, the oldest first">
          {errors.map(({ check, subject, detail, foundAt }) => (
            <Row columns={ERROR_COLUMNS} cells={[check, <Subject of={subject} />, detail, <Time at={foundAt} />]} />
          ))}
        </Table>
      </>
    )}
  </section>
);

const FINDING_COLUMNS: readonly Column[] = [
  { name: 'What' },
  { name: 'Found', kind: 'number' },
  { name: 'Mended at once', kind: 'number' },
];

const Reconciler: FC<{ report: Reconciliation }> = ({ report: { at, tookMs, sweptAt, looked, findings, failed } }) => (
  <section aria-label="Reconciler">
    <h2>Reconciler</h2>
    <Facts
      of={[
        ['Last run', <Time at={at} />],
        ['It took', took(tookMs)],
        ['All open orders seen', <Time at={sweptAt} />],
        ['Orders with a workflow', count(looked.orders)],
        ['Running workflows', count(looked.workflows)],
        ['Providers with batches', count(looked.providers)],
      ]}
    />
    {failed.length === 0 ? '' : <p class="error">Parts of the run that failed: {failed.join(', ')}</p>}
    {findings.length === 0 ? (
      <Empty>
        <p>
          {at === null
            ? 'It has not run yet: look for a running worker.'
            : 'The last run found nothing: no order is lost.'}
        </p>
      </Empty>
    ) : (
      <Table columns={FINDING_COLUMNS} caption="What the last run found">
        {findings.map(({ kind, found, repaired }) => (
          <Row
            columns={FINDING_COLUMNS}
            cells={[
              <b>{kind.replaceAll('_', ' ')}</b>,
              found > repaired ? <a href="/ops/alerts">{count(found)}</a> : count(found),
              count(repaired),
            ]}
          />
        ))}
      </Table>
    )}
  </section>
);

/** Whether the money adds up, and whether every order has its workflow: what the checks of every minute found last. */
export const booksPage: Page = {
  path: '/books',
  get: async ({ v1 }) => {
    const [proof, report] = await Promise.all([v1.GET('/v1/admin/ledger'), v1.GET('/v1/admin/reconcile')]);
    const body = (
      <>
        <Heading text="Books and reconciler" />
        <Proof proof={proof} />
        <Reconciler report={report} />
      </>
    );
    return { title: 'Books', body };
  },
};
