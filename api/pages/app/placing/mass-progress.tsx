import type { FC } from 'hono/jsx';
import type { BulkOrderPage } from '../../../../client/openapi.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readId } from '../../../v1/ids.ts';
import { may, type Page, queryOf, redirect, type Visit } from '../../page.ts';
import { markupOf } from '../../view/document.ts';
import { count } from '../../view/formats.ts';
import { FinalAct, Heading, Pager, Progress, Time } from '../../view/parts.tsx';
import { Facts } from '../../view/table.tsx';
import { LineTable } from './mass-lines.tsx';

const LINES = 100;

function idOf({ c }: Visit): number {
  const id = readId(c.req.param('id') ?? '');
  if (id === undefined) throw new Refusal('not_found', 'list not found');
  return id;
}

function readList(visit: Visit): Promise<BulkOrderPage> {
  const cursor = queryOf(visit, 'cursor');
  const query = { limit: LINES, ...(cursor === undefined ? {} : { cursor }) };
  return visit.v1.GET('/v1/orders/batch/{id}', { params: { path: { id: idOf(visit) }, query } });
}

/** The counts and a page of the lines; htmx reads it again while lines wait. */
const ListState: FC<{ list: BulkOrderPage; here: URL }> = ({ list, here }) => {
  const { id, status, total, waiting, placed, refused, canceled, createdAt, data } = list;
  const again =
    status === 'placing'
      ? { 'hx-get': `/app/mass/${id}/lines${here.search}`, 'hx-trigger': 'every 2s', 'hx-swap': 'outerMorph' }
      : {};
  return (
    <section id="list" aria-label="Progress" {...again}>
      <p class="statuses">
        <span class={`badge is-${status === 'ended' ? 'completed' : 'in-progress'}`}>{status}</span>
        <Progress percent={Math.floor(((total - waiting) * 100) / total)} />
      </p>
      <Facts
        of={[
          ['Lines', count(total)],
          ['Placed', count(placed)],
          ['Refused', count(refused)],
          ['Waiting', count(waiting)],
          ['Canceled', count(canceled)],
          ['Sent', <Time at={createdAt} />],
        ]}
      />
      <LineTable lines={data} />
    </section>
  );
};

/** A large list: how far it is, and what became of each line. */
export const massProgressPage: Page = {
  path: '/mass/:id',
  get: async (visit) => {
    const list = await readList(visit);
    const here = new URL(visit.c.req.url);
    const body = (
      <>
        <Heading text={`List ${list.id}`}>
          {list.waiting === 0 || !may(visit, 'orders:write') ? (
            ''
          ) : (
            <FinalAct
              token={visit.formToken}
              name="Cancel"
              of="the waiting lines"
              effect="Lines that wait are never placed. Orders that were placed stay."
            />
          )}
          <a class="button plain" href={`/app/mass/${list.id}/csv`}>
            As CSV
          </a>
          {may(visit, 'orders:write') ? (
            <a class="button" href="/app/mass">
              Another list
            </a>
          ) : (
            ''
          )}
        </Heading>
        <ListState list={list} here={here} />
        <Pager here={here} next={list.nextCursor} />
      </>
    );
    return { title: `List ${list.id}`, body, assets: ['htmx.js'] };
  },
  post: async (visit) => {
    const id = idOf(visit);
    const { canceledNow } = await visit.v1.POST('/v1/orders/batch/{id}/cancel', { params: { path: { id } } });
    return redirect(
      visit,
      `/app/mass/${id}`,
      `${count(canceledNow)} lines are canceled. Orders that were placed stay.`,
    );
  },
};

/** The progress alone, for htmx. */
export const massLinesPart: Page = {
  path: '/mass/:id/lines',
  get: async (visit) => {
    const here = new URL(visit.c.req.url);
    return visit.c.html(await markupOf(<ListState list={await readList(visit)} here={here} />));
  },
};

/** The results of all lines, as a file. */
export const massCsv: Page = {
  path: '/mass/:id/csv',
  get: (visit) => visit.v1.csv('/v1/orders/batch/{id}', {}, { id: idOf(visit) }),
};
