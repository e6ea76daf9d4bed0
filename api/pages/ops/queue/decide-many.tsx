import type { Child } from 'hono/jsx';
import type { BulkDryRun } from '../../../../client/openapi.ts';
import { allowedResolutions, RESOLUTIONS } from '../../../../domain/review/resolution.ts';
import { keyAfter } from '../../form-key.ts';
import { type Page, queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { idsOf, numberOf, oneOf } from '../../queries.ts';
import { V1Problem } from '../../v1.ts';
import { count } from '../../view/formats.ts';
import { Empty, Heading, Notice } from '../../view/parts.tsx';
import { addressOf } from '../links.tsx';
import { type Again, CarriedFields, Confirm, Effect, ManyMovedOn, touchesAsShown } from '../many/effect.tsx';
import { Choices } from './choices.tsx';
import { type QueueFilter, queueFilter } from './queue.ts';
import { RESOLUTION_NAMES } from './resolutions.ts';

/** The orders of the decision: those that were marked, or all that match the filter. */
type Chosen = { readonly ids: number[] } | { readonly filter: QueueFilter };

function chosenIn(visit: Visit): Chosen | undefined {
  const filter = queueFilter(visit);
  if (queryOf(visit, 'of') === 'filter' && Object.keys(filter).length > 0) return { filter };
  const ids = idsOf(visit.c.req.queries('id') ?? []);
  return ids.length === 0 ? undefined : { ids };
}

/** A decision about many orders. `attach` is about one order alone. */
type Decision =
  | { readonly action: 'extend'; readonly hours: number }
  | { readonly action: 'partial'; readonly delivered: number }
  | { readonly action: 'complete' | 'cancel' | 'redispatch' | 'notPlaced' };

/** The decision in the page's address; undefined before one is chosen. */
function decisionIn(visit: Visit): Decision | undefined {
  const action = oneOf(RESOLUTIONS, queryOf(visit, 'action'));
  if (action === undefined || action === 'attach') return undefined;
  if (action === 'extend') return { action, hours: numberOf(queryOf(visit, 'hours') ?? '') };
  if (action === 'partial') return { action, delivered: numberOf(queryOf(visit, 'delivered') ?? '') };
  return { action };
}

/** What the decision would do, as v1 says; it changes nothing. */
async function dryRun(visit: Visit, chosen: Chosen, decision: Decision): Promise<BulkDryRun> {
  const answer = await visit.v1.POST('/v1/admin/reviews/resolve', {
    body: { ...chosen, ...decision, dryRun: true },
    idempotencyKey: 'dry run',
  });
  if (!('dryRun' in answer)) throw new TypeError('a dry run was answered as a decision');
  return answer;
}

async function manyView(visit: Visit, error?: Child, again?: Again): Promise<View> {
  const chosen = chosenIn(visit);
  if (chosen === undefined)
    return {
      title: 'Decide about many orders',
      body: (
        <Empty>
          <p>No order is selected.</p>
          <a href="/ops">Select orders in the queue</a>
        </Empty>
      ),
    };
  const filter = queueFilter(visit);
  const decision = decisionIn(visit);
  const { attention } = filter;
  const actions = (attention === undefined ? RESOLUTIONS : allowedResolutions(attention)).filter(
    (one) => one !== 'attach',
  );
  let shown: BulkDryRun | undefined;
  let problem: V1Problem | undefined;
  if (decision !== undefined) {
    try {
      shown = await dryRun(visit, chosen, decision);
    } catch (refused) {
      if (!(refused instanceof V1Problem) || refused.status !== 422) throw refused;
      problem = refused;
    }
  }
  const ids = 'ids' in chosen ? chosen.ids : undefined;
  const body = (
    <>
      <Heading
        text={
          ids === undefined
            ? `Decide about all ${Object.values(filter).join(', ')} orders that wait`
            : `Decide about ${count(ids.length)} selected orders`
        }
      >
        <a class="button plain" href={addressOf('/ops', { ...filter })}>
          Queue
        </a>
      </Heading>
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      <form method="get" class="stack" data-decision>
        <CarriedFields of={{ ...filter, of: queryOf(visit, 'of'), id: ids }} />
        <Choices
          actions={actions}
          attention={attention}
          typed={{
            values: Object.fromEntries(
              ['action', 'hours', 'delivered'].flatMap((name) => {
                const value = queryOf(visit, name);
                return value === undefined ? [] : [[name, value]];
              }),
            ),
            errors: problem?.errors ?? [],
          }}
        />
        <button type="submit" class={shown === undefined ? '' : 'plain'}>
          Show what it would touch
        </button>
      </form>
      {decision === undefined || shown === undefined ? (
        ''
      ) : (
        <section aria-label="What it would touch">
          <h2>What it would touch</h2>
          <Effect effect={shown} />
          {shown.orders === 0 ? (
            <p>The decision is possible for none of these orders. Choose another.</p>
          ) : (
            <Confirm token={visit.formToken} what={RESOLUTION_NAMES[decision.action]} effect={shown} again={again} />
          )}
        </section>
      )}
    </>
  );
  return { title: 'Decide about many orders', body, keys: [['1–9', 'choose a decision']], assets: ['queue.js'] };
}

/** A decision about many waiting orders: chosen and shown with its money by the address, carried out by the form. */
export const decideManyPage: Page = {
  path: '/decide',
  get: (visit) => manyView(visit),
  post: async (visit, form) => {
    const [chosen, decision] = [chosenIn(visit), decisionIn(visit)];
    const [reason, key] = [textOf(form, 'reason'), textOf(form, 'key')];
    if (chosen === undefined || decision === undefined) return manyView(visit, 'Choose a decision.');
    try {
      if (!touchesAsShown(await dryRun(visit, chosen, decision), form)) {
        const moved = <ManyMovedOn route="reviews/resolve" />;
        return { ...(await manyView(visit, moved, { reason })), status: 409 };
      }
      const answer = await visit.v1.POST('/v1/admin/reviews/resolve', {
        body: { ...chosen, ...decision, reason, dryRun: false },
        idempotencyKey: key,
      });
      if ('dryRun' in answer) throw new TypeError('a decision was answered as a dry run');
      return redirect(visit, `/ops/decisions/${answer.id}`);
    } catch (error) {
      if (!(error instanceof V1Problem) || error.status === 401) throw error;
      const again = { reason, key: keyAfter(key, error) };
      return { ...(await manyView(visit, `${error.title}: ${error.detail}`, again)), status: 422 };
    }
  },
};
