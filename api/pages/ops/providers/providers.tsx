import type { FC } from 'hono/jsx';
import type { Provider } from '../../../../client/openapi.ts';
import { type Page, queryOf } from '../../page.ts';
import { count, share } from '../../view/formats.ts';
import { Empty, Heading, Pager, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { type CallSum, callsOf, sumOf } from './calls.ts';
import { Balance, ProviderState, Running } from './state.tsx';

/** Providers on a page; the calls of each are a read of its own. */
const PAGE_ROWS = 20;

const COLUMNS: readonly Column[] = [
  { name: 'Provider' },
  { name: 'State' },
  { name: 'Balance', kind: 'number' },
  { name: 'Running', kind: 'number' },
  { name: 'Calls in an hour', kind: 'number' },
  { name: 'Failed', kind: 'number' },
  { name: 'p95', kind: 'number' },
  { name: 'Catalogue read', kind: 'number' },
];

/** The part of the calls that failed; tinted when it is large. */
export const Failed: FC<{ sum: CallSum }> = ({ sum: { calls, failures } }) => {
  if (calls === 0) return <span class="quiet">–</span>;
  return <span class={`number ${failures * 20 > calls ? 'late' : ''}`}>{share(failures / calls)}</span>;
};

export const Milliseconds: FC<{ of: number | null }> = ({ of }) =>
  of === null ? <span class="quiet">–</span> : <span class="number">{count(of)} ms</span>;

const Providers: FC<{ rows: readonly { readonly provider: Provider; readonly sum: CallSum }[] }> = ({ rows }) => (
  <div data-rows>
    <Table columns={COLUMNS} caption="Providers">
      {rows.map(({ provider, sum }) => (
        <Row
          columns={COLUMNS}
          cells={[
            <span class="what">
              <a href={`/ops/providers/${provider.id}`} data-open>
                {provider.name}
              </a>{' '}
              <span class="quiet">{provider.id}</span>
            </span>,
            <ProviderState provider={provider} />,
            <Balance provider={provider} />,
            <Running provider={provider} />,
            count(sum.calls),
            <Failed sum={sum} />,
            <Milliseconds of={sum.p95} />,
            provider.catalogueProblem === null ? (
              <Time at={provider.catalogueAt} />
            ) : (
              <span class="late">{provider.catalogueProblem}</span>
            ),
          ]}
        />
      ))}
    </Table>
  </div>
);

/** The providers, with how they are and how they answered in the last hour. */
export const providersPage: Page = {
  path: '/providers',
  get: async (visit) => {
    const cursor = queryOf(visit, 'cursor');
    const query = { limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) };
    const { data, nextCursor } = await visit.v1.GET('/v1/admin/providers', { params: { query } });
    const rows: { provider: Provider; sum: CallSum }[] = [];
    // One after the other: a page takes no more of the connections for reads than one request does.
    for (const provider of data) rows.push({ provider, sum: sumOf(await callsOf(visit, provider.id, 1)) });
    const body = (
      <>
        <Heading text="Providers" />
        {rows.length === 0 ? (
          <Empty>
            <p>No provider yet. Add one with POST /v1/admin/providers.</p>
            <a href="/docs">The API's documentation</a>
          </Empty>
        ) : (
          <Providers rows={rows} />
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return {
      title: 'Providers',
      body,
      keys: [
        ['j', 'next row'],
        ['k', 'row before'],
        ['Enter', 'open the provider'],
      ],
      assets: ['queue.js'],
    };
  },
};
