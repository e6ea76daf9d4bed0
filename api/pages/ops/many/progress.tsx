import type { FC } from 'hono/jsx';
import type { BulkDecisionPage } from '../../../../client/openapi.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readId } from '../../../v1/ids.ts';
import { type Page, queryOf, type Visit } from '../../page.ts';
import { markupOf } from '../../view/document.ts';
import { count } from '../../view/formats.ts';
import { Heading, Pager, Progress, Said, Time } from '../../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../../view/table.tsx';
import { OrderLink } from '../links.tsx';

const RESULTS = 100;

function readDecision(visit: Visit): Promise<BulkDecisionPage> {
  const id = readId(visit.c.req.param('id') ?? '');
  if (id === undefined) throw new Refusal('not_found', 'decision not found');
  const cursor = queryOf(visit, 'cursor');
  const query = { limit: RESULTS, ...(cursor === undefined ? {} : { cursor }) };
  return visit.v1.GET('/v1/admin/reviews/resolutions/{id}', { params: { path: { id }, query } });
}

const COLUMNS: readonly Column[] = [
  { name: 'Order' },
  { name: 'Result' },
  { name: 'What happens' },
  { name: 'When', kind: 'number' },
];

const TONES = { decided: 'is-completed', refused: 'is-refused', unanswered: 'is-attention', canceled: '', waiting: '' };

/** The counts and a page of the results; htmx reads it again while orders wait. */
const State: FC<{ decision: BulkDecisionPage; here: URL }> = ({ decision, here }) => {
  const { id, status, total, waiting, decided, refused, unanswered, canceled, by, reason, createdAt, data } = decision;
  const again =
    status === 'deciding'
      ? { 'hx-get': `/ops/decisions/${id}/results${here.search}`, 'hx-trigger': 'every 2s', 'hx-swap': 'outerMorph' }
      : {};
  return (
    <section id="decision" aria-label="Progress" {...again}>
      <p class="statuses">
        <span class={`badge ${status === 'ended' ? 'is-completed' : ''}`}>{status}</span>
        <Progress percent={total === 0 ? 100 : Math.floor(((total - waiting) * 100) / total)} />
      </p>
      <Facts
        of={[
          ['Orders', count(total)],
          ['Decided', count(decided)],
          ['Refused', count(refused)],
          ['Not answered', count(unanswered)],
          ['Waiting', count(waiting)],
          ['Stopped before', count(canceled)],
          ['By', by],
          ['Reason', reason],
          ['Sent', <Time at={createdAt} />],
        ]}
      />
      <Table columns={COLUMNS} caption="Results">
        {data.map(({ order, status: result, message, at }) => (
          <Row
            columns={COLUMNS}
            cells={[
              <OrderLink id={order} />,
              <span class={`badge ${TONES[result]}`}>{result}</span>,
              message === null ? <span class="quiet">–</span> : <Said text={message} />,
              <Time at={at} />,
            ]}
          />
        ))}
      </Table>
    </section>
  );
};

/** A decision about many orders: how far it is, and what became of each order. */
export const decisionPage: Page = {
  path: '/decisions/:id',
  get: async (visit) => {
    const decision = await readDecision(visit);
    const here = new URL(visit.c.req.url);
    const title = `Decision ${decision.id}: ${decision.action}`;
    const body = (
      <>
        <Heading text={title}>
          <a class="button" href="/ops" data-next>
            Back to the queue
          </a>
        </Heading>
        <State decision={decision} here={here} />
        <Pager here={here} next={decision.nextCursor} />
      </>
    );
    return { title, body, keys: [['n', 'back to the queue']], assets: ['htmx.js', 'queue.js'] };
  },
};

/** The progress alone, for htmx. */
export const decisionPart: Page = {
  path: '/decisions/:id/results',
  get: async (visit) => {
    const here = new URL(visit.c.req.url);
    return visit.c.html(await markupOf(<State decision={await readDecision(visit)} here={here} />));
  },
};
