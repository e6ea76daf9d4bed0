import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { Webhook, WebhookDelivery } from '../../../client/openapi.ts';
import { Refusal } from '../../../domain/errors.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { DELIVERY_STATES } from '../../../domain/webhook/webhooks.ts';
import { readSmallId } from '../../v1/ids.ts';
import { hereOf, type Page, queryOf, redirect, textOf, type View, type Visit } from '../page.ts';
import { V1Problem } from '../v1.ts';
import { count } from '../view/formats.ts';
import { Choice, Due, Empty, FinalAct, Heading, Pager, PostForm, Time } from '../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../view/table.tsx';
import { Secret, WebhookState } from './developers.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Event' },
  { name: 'Order' },
  { name: 'State' },
  { name: 'Attempts', kind: 'number' },
  { name: 'Last answer' },
  { name: 'At', kind: 'number' },
  { name: 'Next', kind: 'number' },
  { name: 'Again', kind: 'action', isNameHidden: true },
];

const idOf = ({ c }: Visit): number => readSmallId(c.req.param('id') ?? '');

/** What a form of the page asks for, and the key with which a repeat does nothing twice. */
const Ask: FC<{ action: string }> = ({ action }) => (
  <>
    <input type="hidden" name="do" value={action} />
    <input type="hidden" name="key" value={randomUUID()} />
  </>
);

const Button: FC<{ token: string; action: string; text: string }> = ({ token, action, text }) => (
  <PostForm token={token}>
    <Ask action={action} />
    <button type="submit" class="plain">
      {text}
    </button>
  </PostForm>
);

const SendAgain: FC<{ token: string; event: string; type: string }> = ({ token, event, type }) => (
  <PostForm token={token}>
    <Ask action="replay" />
    <input type="hidden" name="event" value={event} />
    <button type="submit" class="plain" aria-label={`Send again: ${type} ${event}`}>
      Send again
    </button>
  </PostForm>
);

const Deliveries: FC<{ deliveries: readonly WebhookDelivery[]; token: string }> = ({ deliveries, token }) => (
  <Table columns={COLUMNS} caption="Deliveries, newest event first">
    {deliveries.map(({ event, type, order, state, attempts, lastStatus, lastError, lastAttemptAt, nextAttemptAt }) => (
      <Row
        columns={COLUMNS}
        cells={[
          <span>
            {type} <span class="quiet">{event}</span>
          </span>,
          order === null ? <span class="quiet">–</span> : <a href={`/app/orders/${order}`}>{order}</a>,
          <span class={`badge is-${state}`}>{state}</span>,
          count(attempts),
          lastStatus ?? lastError ?? <span class="quiet">–</span>,
          <Time at={lastAttemptAt} />,
          <Due at={nextAttemptAt} />,
          <SendAgain token={token} event={event} type={type} />,
        ]}
      />
    ))}
  </Table>
);

const Buttons: FC<{ webhook: Webhook; token: string }> = ({ webhook, token }) => (
  <>
    <Button token={token} action="test" text="Send a test" />
    <Button
      token={token}
      action={webhook.enabled ? 'disable' : 'enable'}
      text={webhook.enabled ? 'Disable' : 'Enable'}
    />
    {webhook.url === null ? (
      ''
    ) : (
      <FinalAct
        token={token}
        name="New secret"
        of={`for webhook ${webhook.id}`}
        effect={`The old secret signs too for ${LIMITS.oldSecretHours} hours. Your server needs the new one by then.`}
      >
        <Ask action="rotate" />
      </FinalAct>
    )}
    <FinalAct token={token} name="Delete" of={`webhook ${webhook.id}`} effect="No further event is sent to it.">
      <Ask action="delete" />
    </FinalAct>
  </>
);

/** What a button of the page asks for; the answer is a sentence, or a page with a secret. */
async function act({ v1 }: Visit, id: number, form: FormData): Promise<string | View> {
  const params = { path: { id } };
  const idempotencyKey = textOf(form, 'key');
  switch (textOf(form, 'do')) {
    case 'test':
      return `The event ${(await v1.POST('/v1/webhooks/{id}/test', { params, idempotencyKey })).event} is on its way.`;
    case 'replay': {
      const body = { event: textOf(form, 'event') };
      await v1.POST('/v1/webhooks/{id}/replay', { params, body, idempotencyKey });
      return `The event ${body.event} is sent again.`;
    }
    case 'enable':
      await v1.PATCH('/v1/webhooks/{id}', { params, body: { enabled: true } });
      return 'The webhook is enabled.';
    case 'disable':
      await v1.PATCH('/v1/webhooks/{id}', { params, body: { enabled: false } });
      return 'The webhook is disabled.';
    case 'rotate': {
      const { secret } = await v1.POST('/v1/webhooks/{id}/rotate', { params, idempotencyKey });
      return { title: 'Webhook', body: <Secret webhook={id} secret={secret} /> };
    }
    case 'delete':
      await v1.DELETE('/v1/webhooks/{id}', { params });
      return 'The webhook is deleted.';
    default:
      throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
  }
}

export const webhookPage: Page = {
  path: '/developers/webhooks/:id',
  scope: 'webhooks:manage',
  get: async (visit) => {
    const params = { path: { id: idOf(visit) } };
    const state = DELIVERY_STATES.find((one) => one === queryOf(visit, 'state'));
    const cursor = queryOf(visit, 'cursor');
    const query = { ...(state === undefined ? {} : { state }), ...(cursor === undefined ? {} : { cursor }) };
    const [webhook, { data, nextCursor }] = await Promise.all([
      visit.v1.GET('/v1/webhooks/{id}', { params }),
      visit.v1.GET('/v1/webhooks/{id}/deliveries', { params: { ...params, query } }),
    ]);
    const body = (
      <>
        <Heading text={`Webhook ${webhook.id}`}>
          <Buttons webhook={webhook} token={visit.formToken} />
        </Heading>
        <Facts
          of={[
            ['Address', webhook.url ?? webhook.email ?? ''],
            ['State', <WebhookState webhook={webhook} />],
            ['Events', webhook.events === null ? 'all' : webhook.events.join(', ')],
            ['Made', <Time at={webhook.createdAt} />],
            ['The old secret signs until', <Time at={webhook.oldSecretUntil} />],
          ]}
        />
        <h2>Deliveries</h2>
        <form method="get" class="filters">
          <Choice
            name="state"
            label="State"
            value={state}
            options={[['', 'any'], ...DELIVERY_STATES.map((one) => [one, one] as const)]}
          />
          <button type="submit">Filter</button>
        </form>
        {data.length === 0 ? (
          <Empty>
            <p>No delivery {state === undefined ? 'yet' : `is ${state}`}. Send a test to try your server.</p>
          </Empty>
        ) : (
          <Deliveries deliveries={data} token={visit.formToken} />
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title: `Webhook ${webhook.id}`, body };
  },
  post: async (visit, form) => {
    const here = hereOf(visit);
    try {
      const done = await act(visit, idOf(visit), form);
      if (typeof done !== 'string') return done;
      return redirect(visit, textOf(form, 'do') === 'delete' ? '/app/developers' : here, done);
    } catch (error) {
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      return redirect(visit, here, `Not done. ${error.title}: ${error.detail}`, 'error');
    }
  },
};
