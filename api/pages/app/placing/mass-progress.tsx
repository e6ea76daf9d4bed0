import type { FC } from 'hono/jsx';
import type { BulkOrderPage } from '../../../../client/openapi.ts';
import { LINE_STATUSES } from '../../../../db/placement/bulk-orders.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readId } from '../../../v1/ids.ts';
import { may, type Page, queryOf, redirect, type Visit } from '../../page.ts';
import { given, oneOf } from '../../queries.ts';
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
  const [cursor, status] = [queryOf(visit, 'cursor'), oneOf(LINE_STATUSES, queryOf(visit, 'status'))];
  const query = { limit: LINES, ...given({ cursor, status }) };
  return visit.v1.GET('/v1/orders/batch/{id}', { params: { path: { id: idOf(visit) }, query } });
}

type Counts = Pick<BulkOrderPage, 'status' | 'total' | 'refused' | 'canceled'>;

/** How a list stands, in a word and a tint: one of which lines were not placed is not done well. */
export function outcomeOf({ status, total, refused, canceled }: Counts): {
  readonly tint: string;
  readonly word: string;
} {
  if (status === 'placing') return { tint: 'in-progress', word: status };
  const unplaced = [
    ...(refused === 0 ? [] : [`${count(refused)} refused`]),
    ...(canceled === 0 ? [] : [`${count(canceled)} canceled`]),
  ];
  if (unplaced.length === 0) return { tint: 'completed', word: status };
  const tint = refused === total ? 'refused' : 'partial';
  return { tint, word: `${status}: ${unplaced.join(' and ')} of ${count(total)}` };
}

/** A line that is stored as what it asks for, as text again. */
const textOf = ({ service, link, quantity }: BulkOrderPage['data'][number]): string =>
  [service, link, quantity].filter((part) => part !== null).join('|');

/** The counts and a page of the lines; htmx reads it again while lines wait. */
const ListState: FC<{ list: BulkOrderPage; here: URL }> = ({ list, here }) => {
  const { id, status, total, waiting, placed, refused, canceled, createdAt, data } = list;
  const { tint, word } = outcomeOf(list);
  /** A number of lines, which leads to them. */
  const lines = (number: number, of: string) =>
    number === 0 ? count(number) : <a href={`/app/mass/${id}${of === '' ? '' : `?status=${of}`}`}>{count(number)}</a>;
  const again =
    status === 'placing'
      ? { 'hx-get': `/app/mass/${id}/lines${here.search}`, 'hx-trigger': 'every 2s', 'hx-swap': 'outerMorph' }
      : {};
  return (
    <section id="list" aria-label="Progress" {...again}>
      <p class="statuses">
        <span class={`badge is-${tint}`}>{word}</span>
        {status === 'placing' ? <Progress percent={Math.floor(((total - waiting) * 100) / total)} of="tried" /> : ''}
      </p>
      <Facts
        of={[
          ['Lines', lines(total, '')],
          ['Placed', lines(placed, 'placed')],
          ['Refused', lines(refused, 'refused')],
          ['Waiting', lines(waiting, 'waiting')],
          ['Canceled', lines(canceled, 'canceled')],
          ['Sent', <Time at={createdAt} />],
        ]}
      />
      <LineTable lines={data.map((line) => ({ ...line, text: textOf(line) }))} />
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
          <div id="cancel-waiting">
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
          </div>
          <a class="button plain" href={`/app/mass/${list.id}/csv${here.search}`}>
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

/** The progress alone, for htmx; with no line waiting, also the place of the form that cancels them, without the form. */
export const massLinesPart: Page = {
  path: '/mass/:id/lines',
  get: async (visit) => {
    const here = new URL(visit.c.req.url);
    const list = await readList(visit);
    return visit.c.html(
      await markupOf(
        <>
          <ListState list={list} here={here} />
          {list.waiting === 0 ? <div id="cancel-waiting" hx-swap-oob="true" /> : ''}
        </>,
      ),
    );
  },
};

/** The results of the lines that the page shows, on all its pages, as a file. */
export const massCsv: Page = {
  path: '/mass/:id/csv',
  get: (visit) =>
    visit.v1.csv('/v1/orders/batch/{id}', given({ status: oneOf(LINE_STATUSES, queryOf(visit, 'status')) }), {
      id: idOf(visit),
    }),
};
