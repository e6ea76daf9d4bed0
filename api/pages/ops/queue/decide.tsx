import { randomUUID } from 'node:crypto';
import type { Child, FC } from 'hono/jsx';
import type { StaffOrderFile } from '../../../../client/openapi.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readId } from '../../../v1/ids.ts';
import { keyAfter, statusAfter } from '../../form-key.ts';
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

/** A form that is shown again: what was typed, what is said about it, and the key with which it is sent again. */
interface Again {
  readonly typed: Typed;
  readonly error: Child;
  readonly key?: string;
}

interface FormProps {
  readonly order: StaffOrderFile;
  readonly again: Again | undefined;
  readonly token: string;
}

const DecisionForm: FC<FormProps> = ({ order, again, token }) => {
  const typed = again?.typed ?? NOTHING_TYPED;
  const { attention, review, attempts, totalQuantity } = order;
  const unknown = attempts.filter(({ state }) => state === 'unknown');
  const batches = [...new Set(unknown.map(({ batch }) => batch))].sort((a, b) => a - b);
  const reason = { name: 'reason', label: 'Reason' };
  const reasonError = typed.errors.find(({ path }) => path === 'reason')?.message;
  return (
    <PostForm token={token} class="decision">
      <input type="hidden" name="key" value={again?.key ?? randomUUID()} />
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
async function decideView(visit: Visit, order: StaffOrderFile, again?: Again): Promise<View> {
  const { id } = order;
  const filter = queueFilter(visit);
  const next = await nextInQueue(visit, filter, id);
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
      {again === undefined ? '' : <Notice kind="error">{again.error}</Notice>}
      <Known order={order} />
      {order.attention === 'uncertain' ? <Uncertain attempts={order.attempts} /> : ''}
      {order.review === null ? (
        <p>The order does not wait for a person.</p>
      ) : (
        <DecisionForm order={order} again={again} token={visit.formToken} />
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
function movedOn({ id, status, attention, events }: StaffOrderFile): Again {
  const last = events.at(-1);
  const now = attention === 'none' ? status : `${status}, ${attention}`;
  const why =
    last === undefined ? '' : ` Last: ${last.type.replace(/^order\./, '').replaceAll(/[._]/g, ' ')}, by ${last.by}.`;
  const error = (
    <MovedOn
      what={`The order has moved on since you opened it. It is now ${now}.${why}`}
      past={`/ops/orders/${id}#timeline`}
      name="its timeline"
    />
  );
  return { typed: NOTHING_TYPED, error };
}

const typedIn = (form: FormData, errors: Typed['errors']): Typed => ({
  values: Object.fromEntries(
    ['action', 'hours', 'delivered', 'providerOrder', 'batch', 'reason'].map((name) => [name, textOf(form, name)]),
  ),
  errors,
});

/** The form after v1 refused it. What was typed stays while the order waits for the same. */
function againAfter(problem: V1Problem, form: FormData, now: StaffOrderFile): Again {
  const said = `${problem.title}: ${problem.detail}.`;
  if (seenIn(now) !== textOf(form, 'seen')) return { typed: NOTHING_TYPED, error: `${said} It is now ${now.status}.` };
  return { typed: typedIn(form, problem.errors), error: said, key: keyAfter(textOf(form, 'key'), problem) };
}

export const decidePage: Page = {
  path: '/decide/:id',
  get: async (visit) => decideView(visit, await readFile(visit, idOf(visit))),
  post: async (visit, form) => {
    const id = idOf(visit);
    const [seen, key] = [textOf(form, 'seen'), textOf(form, 'key')];
    const order = await readFile(visit, id);
    if (seenIn(order) !== seen) return { ...(await decideView(visit, order, movedOn(order))), status: 409 };
    const body = resolutionOf(form);
    if (body === undefined || textOf(form, 'reason') === '') {
      const again = { typed: typedIn(form, []), error: 'Choose a decision, and give a reason.', key };
      return { ...(await decideView(visit, order, again)), status: 422 };
    }
    try {
      const input = { params: { path: { id } }, body, idempotencyKey: key };
      const { message } = await visit.v1.POST('/v1/admin/orders/{id}/resolve', input);
      const filter = queueFilter(visit);
      const next = await nextInQueue(visit, filter, id);
      const to = addressOf(next === undefined ? '/ops' : `/ops/decide/${next}`, { ...filter });
      const end = next === undefined ? ' Nothing else waits.' : '';
      return redirect(visit, to, `Order ${id}: ${message}.${end}`);
    } catch (error) {
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      const now = await readFile(visit, id);
      return { ...(await decideView(visit, now, againAfter(error, form, now))), status: statusAfter(error) };
    }
  },
};
