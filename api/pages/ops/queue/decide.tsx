import { randomUUID } from 'node:crypto';
import type { Child, FC } from 'hono/jsx';
import type { StaffOrderFile } from '../../../../client/openapi.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readId } from '../../../v1/ids.ts';
import { type Page, redirect, textOf, type View, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { Choice, Field, Heading, inputOf, Notice, PostForm, Status } from '../../view/parts.tsx';
import { addressOf, WorkflowLink } from '../links.tsx';
import { MovedOn } from '../many/effect.tsx';
import { Choices, NOTHING_TYPED, type Typed } from './choices.tsx';
import { Known, LastEvents, Uncertain } from './known.tsx';
import { nextInQueue, queueFilter } from './queue.ts';
import { resolutionOf } from './resolutions.ts';

const idOf = ({ c }: Visit): number => {
  const id = readId(c.req.param('id') ?? '');
  if (id === undefined) throw new Refusal('order_not_found');
  return id;
};

const readFile = ({ v1 }: Visit, id: number): Promise<StaffOrderFile> =>
  v1.GET('/v1/admin/orders/{id}', { params: { path: { id } } });

/** What the order waits for, as the person saw it: a decision about something else is not sent. */
const seenIn = ({ attention, review }: StaffOrderFile): string =>
  review === null ? '' : `${attention} since ${review.since}`;

interface FormProps {
  readonly order: StaffOrderFile;
  readonly typed: Typed;
  readonly token: string;
}

const DecisionForm: FC<FormProps> = ({ order, typed, token }) => {
  const { attention, review, attempts, totalQuantity } = order;
  const unknown = attempts.filter(({ state }) => state === 'unknown');
  const batches = [...new Set(unknown.map(({ batch }) => batch))].sort((a, b) => a - b);
  const reason = { name: 'reason', label: 'Reason' };
  const reasonError = typed.errors.find(({ path }) => path === 'reason')?.message;
  return (
    <PostForm token={token} class="decision">
      <input type="hidden" name="key" value={randomUUID()} />
      <input type="hidden" name="seen" value={seenIn(order)} />
      <div class="stack" data-decision>
        <Choices
          actions={review?.actions ?? []}
          attention={attention}
          typed={typed}
          totalQuantity={totalQuantity}
          candidates={unknown.flatMap(({ candidates }) => candidates.map(({ providerOrder }) => providerOrder))}
        />
        {batches.length < 2 ? (
          ''
        ) : (
          <Choice
            name="batch"
            label="Batch"
            hint="Several batches are uncertain; each is decided about by itself."
            value={typed.values.batch}
            options={batches.map((batch) => [String(batch), `batch ${batch}`] as const)}
          />
        )}
        <Field {...reason} error={reasonError} hint="The timeline and the audit log show it with your name.">
          <input
            {...inputOf({ ...reason, hint: '', error: reasonError })}
            required
            maxlength={200}
            autocomplete="off"
            value={typed.values.reason ?? ''}
          />
        </Field>
        <button type="submit">Decide about order {order.id}</button>
      </div>
    </PostForm>
  );
};

/** The page about one order: what is known, and the decisions that are possible for its attention. */
async function decideView(visit: Visit, id: number, typed: Typed, error?: Child): Promise<View> {
  const filter = queueFilter(visit);
  const [order, next] = await Promise.all([readFile(visit, id), nextInQueue(visit, filter, id)]);
  const body = (
    <>
      <Heading
        text={
          <>
            Order {id} <Status status={order.status} attention={order.attention} />
          </>
        }
      >
        <WorkflowLink visit={visit} id={id} />
        <a class="button plain" href={`/ops/orders/${id}`} data-open>
          The whole order
        </a>
        <a class="button plain" href={addressOf('/ops', { ...filter })}>
          Queue
        </a>
        {next === undefined ? (
          ''
        ) : (
          <a class="button plain" href={addressOf(`/ops/decide/${next}`, { ...filter })} data-next>
            Next: {next}
          </a>
        )}
      </Heading>
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      <Known order={order} />
      {order.attention === 'uncertain' ? <Uncertain attempts={order.attempts} /> : ''}
      {order.review === null ? (
        <p>The order does not wait for a person.</p>
      ) : (
        <DecisionForm order={order} typed={typed} token={visit.formToken} />
      )}
      <LastEvents events={order.events} />
    </>
  );
  return { title: `Decide about order ${id}`, body, keys: KEYS, assets: ['queue.js'] };
}

const KEYS = [
  ['d', 'to the decisions'],
  ['1–9', 'choose a decision'],
  ['n', 'next order, without a decision'],
] as const;

/** That the order has changed, with the last word in the timeline about who changed it. */
function movedOn({ id, status, attention, events }: StaffOrderFile): Child {
  const last = events.at(-1);
  const now = attention === 'none' ? status : `${status}, ${attention}`;
  const why =
    last === undefined ? '' : ` Last: ${last.type.replace(/^order\./, '').replaceAll(/[._]/g, ' ')}, by ${last.by}.`;
  return (
    <MovedOn
      what={`The order has moved on since you opened it. It is now ${now}.${why}`}
      past={`/ops/orders/${id}#timeline`}
      name="its timeline"
    />
  );
}

const typedIn = (form: FormData, errors: Typed['errors']): Typed => ({
  values: Object.fromEntries(
    ['action', 'hours', 'delivered', 'providerOrder', 'batch', 'reason'].map((name) => [name, textOf(form, name)]),
  ),
  errors,
});

export const decidePage: Page = {
  path: '/decide/:id',
  get: (visit) => decideView(visit, idOf(visit), NOTHING_TYPED),
  post: async (visit, form) => {
    const id = idOf(visit);
    const body = resolutionOf(form);
    if (body === undefined || textOf(form, 'reason') === '')
      return {
        ...(await decideView(visit, id, typedIn(form, []), 'Choose a decision, and give a reason.')),
        status: 422,
      };
    const order = await readFile(visit, id);
    const input = { params: { path: { id } }, body, idempotencyKey: textOf(form, 'key') };
    if (seenIn(order) !== textOf(form, 'seen'))
      return { ...(await decideView(visit, id, NOTHING_TYPED, movedOn(order))), status: 409 };
    try {
      const { message } = await visit.v1.POST('/v1/admin/orders/{id}/resolve', input);
      const filter = queueFilter(visit);
      const next = await nextInQueue(visit, filter, id);
      const to = addressOf(next === undefined ? '/ops' : `/ops/decide/${next}`, { ...filter });
      const end = next === undefined ? ' Nothing else waits.' : '';
      return redirect(visit, to, `Order ${id}: ${message}.${end}`);
    } catch (error) {
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      const isOpen = error.status === 422;
      const typed = isOpen ? typedIn(form, error.errors) : NOTHING_TYPED;
      const now = isOpen ? '' : ` It is now ${order.status}.`;
      return {
        ...(await decideView(visit, id, typed, `${error.title}: ${error.detail}.${now}`)),
        status: isOpen ? 422 : 409,
      };
    }
  },
};
