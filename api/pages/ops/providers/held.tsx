import { randomUUID } from 'node:crypto';
import type { Child, FC } from 'hono/jsx';
import type { HeldCorrection, HeldCorrectionsDryRun } from '../../../../client/openapi.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { keyAfter } from '../../form-key.ts';
import { type Page, queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { idsOf, oneOf } from '../../queries.ts';
import { V1Problem } from '../../v1.ts';
import { count, counted, money } from '../../view/formats.ts';
import { Amount, Empty, Field, Heading, inputOf, Notice, Pager, PostForm } from '../../view/parts.tsx';
import { Facts } from '../../view/table.tsx';
import { Tabs } from '../../view/tabs.tsx';
import { addressOf } from '../links.tsx';
import { type Again, type Carried, CarriedFields, isAsShown, MovedOn } from '../many/effect.tsx';
import { DECISION_NAMES, HELD_DECISIONS, HeldBar, type HeldDecision, HeldTable } from './held-rows.tsx';

const ROWS = 100;

type State = HeldCorrection['state'];

const STATE_NAMES: Readonly<Record<State, string>> = {
  held: 'Held',
  released: 'Released',
  applied: 'Given back',
  dropped: 'Dropped',
  withdrawn: 'Withdrawn',
};
const STATES = Object.keys(STATE_NAMES) as State[];

const NOTHING: Readonly<Record<State, string>> = {
  held: 'No correction is held.',
  released: 'No correction waits to be made: what is released is given back within a poll of the provider.',
  applied: 'No correction was given back after a decision.',
  dropped: 'No correction was dropped.',
  withdrawn: 'The provider withdrew none.',
};

const EFFECTS: Readonly<Record<HeldDecision, string>> = {
  release: 'The customers get their money within a poll of the provider.',
  drop: 'The orders stay as they are, also when the provider goes on saying the same.',
};

const idOf = ({ c }: Visit): number => readSmallId(c.req.param('id') ?? '');
const pathOf = (visit: Visit): string => `/ops/providers/${idOf(visit)}/held`;

/** A decision about the orders that were marked, or about all. */
interface Wanted {
  readonly decision: HeldDecision;
  readonly orders?: number[];
}

/** The decision in the page's address; undefined before one is chosen, or when no order is marked. */
function wantedBy(visit: Visit): Wanted | undefined {
  const decision = oneOf(HELD_DECISIONS, queryOf(visit, 'decision'));
  if (decision === undefined) return undefined;
  if (queryOf(visit, 'of') === 'all') return { decision };
  const orders = idsOf(visit.c.req.queries('id') ?? []);
  return orders.length === 0 ? undefined : { decision, orders };
}

function decide(visit: Visit, { decision, orders }: Wanted, how: { dryRun: boolean; reason: string; key: string }) {
  const { key: idempotencyKey, ...rest } = how;
  const body = { ...rest, ...(orders === undefined ? {} : { orders }) };
  const input = { params: { path: { id: idOf(visit) } }, body, idempotencyKey };
  return decision === 'release'
    ? visit.v1.POST('/v1/admin/providers/{id}/held-corrections/release', input)
    : visit.v1.POST('/v1/admin/providers/{id}/held-corrections/drop', input);
}

/** What the decision would be about now; it changes nothing. */
async function dryRun(visit: Visit, wanted: Wanted): Promise<HeldCorrectionsDryRun> {
  const answer = await decide(visit, wanted, { dryRun: true, reason: '', key: 'dry run' });
  if (!('dryRun' in answer)) throw new TypeError('a dry run was answered as a decision');
  return answer;
}

/** What tells a dry run from another: the corrections and their money. */
const shownOf = ({ corrections, amount, digest }: HeldCorrectionsDryRun): Carried => ({ corrections, amount, digest });

const readProvider = (visit: Visit) =>
  visit.v1.GET('/v1/admin/providers/{id}', { params: { path: { id: idOf(visit) } } });

async function listView(visit: Visit): Promise<View> {
  const state = oneOf(STATES, queryOf(visit, 'state')) ?? 'held';
  const cursor = queryOf(visit, 'cursor');
  const query = { state, limit: ROWS, ...(cursor === undefined ? {} : { cursor }) };
  const params = { path: { id: idOf(visit) }, query };
  const [provider, { data, nextCursor }] = await Promise.all([
    readProvider(visit),
    visit.v1.GET('/v1/admin/providers/{id}/held-corrections', { params }),
  ]);
  const isOpen = state === 'held';
  const title = `Held corrections of ${provider.name}`;
  const body = (
    <>
      <Heading text={title}>
        <a class="button plain" href={`/ops/providers/${provider.id}`}>
          The provider
        </a>
      </Heading>
      <Tabs
        label="Corrections by state"
        tabs={STATES.map((one) => ({
          href: addressOf(pathOf(visit), { state: one }),
          text: STATE_NAMES[one],
          isHere: one === state,
        }))}
      />
      <p class="quiet">
        The provider took back too many orders at once, after their settlement. Ask it first. Release: it means what it
        says, and the customers get their money. Drop: it was mistaken. Until all are decided, everything else that it
        takes back is held too.
      </p>
      {data.length === 0 ? (
        <Empty>
          <p>{NOTHING[state]}</p>
        </Empty>
      ) : isOpen ? (
        <form method="get" action={pathOf(visit)}>
          <HeldBar />
          <HeldTable corrections={data} isOpen />
        </form>
      ) : (
        <HeldTable corrections={data} isOpen={false} />
      )}
      <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
    </>
  );
  const keys = [
    ['j', 'next row'],
    ['k', 'row before'],
    ['x', 'mark it'],
  ] as const;
  return { title, body, keys, assets: ['queue.js'] };
}

const Confirm: FC<{ wanted: Wanted; effect: HeldCorrectionsDryRun; token: string; again: Again }> = ({
  wanted: { decision },
  effect,
  token,
  again,
}) => {
  const { corrections, amount } = effect;
  const reason = {
    name: 'reason',
    label: 'Reason',
    hint: 'The list of decided corrections and the audit log show it.',
  };
  return (
    <PostForm token={token} class="stack">
      <CarriedFields of={{ ...shownOf(effect), key: again.key ?? randomUUID() }} />
      <Field {...reason}>
        <input {...inputOf(reason)} required maxlength={200} autocomplete="off" value={again.reason} />
      </Field>
      <button type="submit" class={decision === 'drop' ? 'danger' : ''}>
        {DECISION_NAMES[decision]} {counted(corrections, 'correction')}: {money(amount)}
      </button>
    </PostForm>
  );
};

async function decisionView(visit: Visit, wanted: Wanted, error?: Child, again: Again = { reason: '' }): Promise<View> {
  const effect = await dryRun(visit, wanted);
  const title = `${DECISION_NAMES[wanted.decision]} held corrections`;
  const body = (
    <>
      <Heading text={title}>
        <a class="button plain" href={pathOf(visit)}>
          Back to the list
        </a>
      </Heading>
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      <p>{EFFECTS[wanted.decision]}</p>
      <Facts
        of={[
          ['Corrections', count(effect.corrections)],
          ['They give back', <Amount of={effect.amount} />],
        ]}
      />
      {effect.corrections === 0 ? (
        <p>None of them is held any more.</p>
      ) : (
        <Confirm wanted={wanted} effect={effect} token={visit.formToken} again={again} />
      )}
    </>
  );
  return { title, body };
}

/** What a provider took back at once and Holdfast holds: the list, and a decision shown with its money before it is made. */
export const heldPage: Page = {
  path: '/providers/:id/held',
  get: async (visit) => {
    const wanted = wantedBy(visit);
    return wanted === undefined ? listView(visit) : decisionView(visit, wanted);
  },
  post: async (visit, form) => {
    const wanted = wantedBy(visit);
    if (wanted === undefined) return listView(visit);
    const [reason, key] = [textOf(form, 'reason'), textOf(form, 'key')];
    if (reason === '') return { ...(await decisionView(visit, wanted, 'Give a reason.')), status: 422 };
    if (!isAsShown(shownOf(await dryRun(visit, wanted)), form)) {
      const moved = (
        <MovedOn
          what="The corrections have changed since you looked. This is what it would be about now."
          past={addressOf('/ops/audit', { subject: `providers/${idOf(visit)}/held-corrections` })}
          name="the audit log"
        />
      );
      return { ...(await decisionView(visit, wanted, moved, { reason })), status: 409 };
    }
    try {
      const { corrections, amount } = await decide(visit, wanted, { dryRun: false, reason, key });
      const done = wanted.decision === 'release' ? 'released' : 'dropped';
      return redirect(visit, pathOf(visit), `${count(corrections)} corrections of ${money(amount)} are ${done}.`);
    } catch (error) {
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      const again = { reason, key: keyAfter(key, error) };
      return { ...(await decisionView(visit, wanted, `${error.title}: ${error.detail}`, again)), status: 422 };
    }
  },
};
