import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { Webhook } from '../../../client/openapi.ts';
import { WEBHOOK_EVENTS } from '../../../domain/webhook/webhooks.ts';
import { keyAfter } from '../form-key.ts';
import { may, type Page, siteOf, textOf, type View, type Visit } from '../page.ts';
import { V1Problem } from '../v1.ts';
import { Empty, Field, Heading, inputOf, Notice, PostForm, Time } from '../view/parts.tsx';
import { Requests } from '../view/requests.tsx';
import { type Column, Row, Table } from '../view/table.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Webhook' },
  { name: 'State' },
  { name: 'Events' },
  { name: 'Made', kind: 'number' },
];

const addressOf = ({ url, email }: Webhook): string => url ?? email ?? '';

export const WebhookState: FC<{ webhook: Webhook }> = ({ webhook: { enabled, disabledReason } }) =>
  enabled ? (
    <span class="badge is-completed">enabled</span>
  ) : (
    <span class="badge is-attention">{disabledReason ?? 'disabled'}</span>
  );

const Webhooks: FC<{ webhooks: readonly Webhook[] }> = ({ webhooks }) =>
  webhooks.length === 0 ? (
    <Empty>
      <p>No webhook yet. A webhook tells your own server about every change of an order.</p>
    </Empty>
  ) : (
    <Table columns={COLUMNS} caption="Webhooks">
      {webhooks.map((webhook) => (
        <Row
          columns={COLUMNS}
          cells={[
            <span class="what">
              <a href={`/app/developers/webhooks/${webhook.id}`}>{addressOf(webhook)}</a>
              {webhook.description === null ? '' : <span class="quiet"> {webhook.description}</span>}
            </span>,
            <WebhookState webhook={webhook} />,
            webhook.events === null ? 'all' : webhook.events.join(', '),
            <Time at={webhook.createdAt} />,
          ]}
        />
      ))}
    </Table>
  );

const URL_FIELD = { name: 'url', label: 'Address of a new webhook', hint: 'https, at a public address' };

type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** The form for a new webhook: what was typed and marked, and what is wrong with it. */
interface Given {
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly key: string;
  readonly error?: string;
}

const NewWebhook: FC<{ token: string; given: Given }> = ({ token, given: { url, events, key, error } }) => {
  const field = { ...URL_FIELD, error };
  return (
    <PostForm token={token} class="stack">
      <input type="hidden" name="key" value={key} />
      <Field {...field}>
        <input {...inputOf(field)} type="url" value={url} required />
      </Field>
      <details open={events.length > 0}>
        <summary>Only some events</summary>
        <fieldset class="choices">
          <legend class="unseen">Events</legend>
          {WEBHOOK_EVENTS.map((event) => (
            <label>
              <input type="checkbox" name="events" value={event} checked={events.includes(event)} /> {event}
            </label>
          ))}
        </fieldset>
      </details>
      <button type="submit">Make the webhook</button>
    </PostForm>
  );
};

async function webhooksPart({ v1, formToken }: Visit, given: Given) {
  const { data } = await v1.GET('/v1/webhooks', { params: { query: { limit: 100 } } });
  return (
    <>
      <h2>Webhooks</h2>
      <Webhooks webhooks={data} />
      <NewWebhook token={formToken} given={given} />
    </>
  );
}

/** How many of the recent requests the page shows; another page has all of them. */
const REQUESTS_SHOWN = 10;

async function requestsPart({ v1 }: Visit) {
  const { data } = await v1.GET('/v1/requests');
  return (
    <>
      <h2>Recent requests</h2>
      <Requests requests={data.slice(0, REQUESTS_SHOWN)} />
      {data.length <= REQUESTS_SHOWN ? (
        ''
      ) : (
        <p>
          <a href="/app/requests">All recent requests</a> ·{' '}
          <a href="/app/requests?refused=true">those that were refused</a>
        </p>
      )}
    </>
  );
}

async function pageOf(visit: Visit, given: Given, status: View['status'] = 200): Promise<View> {
  const body = (
    <>
      <Heading text="Developers" />
      <p>
        {may(visit, 'keys:manage') ? (
          <>
            <a href="/app/keys">Keys</a> · <a href="/app/requests">Recent requests</a> ·{' '}
          </>
        ) : (
          ''
        )}
        <a href="/docs">API documentation</a> · <a href="/openapi.json">OpenAPI document</a> · panel API v2 at{' '}
        <code>{siteOf(visit)}/api/v2</code> with the same keys
      </p>
      {may(visit, 'webhooks:manage') ? await webhooksPart(visit, given) : ''}
      {may(visit, 'keys:manage') ? await requestsPart(visit) : ''}
    </>
  );
  return { title: 'Developers', body, status };
}

/** A secret, which is never shown again. */
export const Secret: FC<{ webhook: number; secret: string }> = ({ webhook, secret }) => (
  <>
    <Heading text="The signing secret" />
    <Notice>Keep it now: it is shown only here.</Notice>
    <pre id="secret">{secret}</pre>
    <p class="actions">
      <button type="button" class="plain" data-needs-script data-copies="#secret">
        Copy
      </button>
      <a class="button" href={`/app/developers/webhooks/${webhook}`}>
        To the webhook
      </a>
    </p>
  </>
);

export const developersPage: Page = {
  path: '/developers',
  get: (visit) => pageOf(visit, { url: '', events: [], key: randomUUID() }),
  post: async (visit, form) => {
    const [url, key] = [textOf(form, 'url'), textOf(form, 'key')];
    const events = WEBHOOK_EVENTS.filter((event) => form.getAll('events').includes(event));
    const body = { url, ...(events.length === 0 ? {} : { events }) };
    try {
      const made = await visit.v1.POST('/v1/webhooks', { body, idempotencyKey: key });
      return { title: 'Webhook', body: <Secret webhook={made.id} secret={made.secret ?? ''} /> };
    } catch (error) {
      if (!(error instanceof V1Problem) || error.status === 401) throw error;
      const fault = error.errors.find(({ path }) => path === 'url')?.message;
      const said = fault ?? `${error.title}: ${error.detail}`;
      return pageOf(visit, { url, events, key: keyAfter(key, error), error: said }, 422);
    }
  },
};
