import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { Key } from '../../../client/openapi.ts';
import { CUSTOMER_SCOPES } from '../../../db/account/accounts.ts';
import { Refusal } from '../../../domain/errors.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { readSmallId } from '../../v1/ids.ts';
import { type Page, queryOf, redirect, textOf, type View, type Visit } from '../page.ts';
import { V1Problem } from '../v1.ts';
import { Empty, Field, Heading, inputOf, Notice, Pager, PostForm, Time } from '../view/parts.tsx';
import { type Column, Row, Table } from '../view/table.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Key' },
  { name: 'Scopes' },
  { name: 'Made', kind: 'number' },
  { name: 'Last used', kind: 'number' },
  { name: 'State' },
  { name: 'Revoke', kind: 'action', isNameHidden: true },
];

const stateOf = ({ revokedAt, expiresAt }: Key): string => {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? 'expired' : 'valid';
};

const Revoke: FC<{ id: number; token: string }> = ({ id, token }) => (
  <PostForm token={token}>
    <input type="hidden" name="do" value="revoke" />
    <input type="hidden" name="id" value={String(id)} />
    <button type="submit" class="plain">
      Revoke
    </button>
  </PostForm>
);

const Keys: FC<{ keys: readonly Key[]; token: string; own: number }> = ({ keys, token, own }) => (
  <Table columns={COLUMNS} caption="Keys, newest first">
    {keys.map((key) => {
      const state = stateOf(key);
      return (
        <Row
          columns={COLUMNS}
          cells={[
            <span class="what">
              <b>{key.name}</b> <code>hf_{key.prefix}…</code>
              {key.id === own ? <span class="quiet"> signed in with</span> : ''}
            </span>,
            key.scopes.join(', '),
            <Time at={key.createdAt} />,
            <Time at={key.lastUsedAt} />,
            <span class={`badge ${state === 'valid' ? 'is-completed' : 'is-canceled'}`}>{state}</span>,
            state === 'valid' ? <Revoke id={key.id} token={token} /> : '',
          ]}
        />
      );
    })}
  </Table>
);

const NewKey: FC<{ token: string; scopes: readonly string[]; name: string; error: string | undefined }> = (props) => {
  const { token, scopes, name, error } = props;
  const field = { name: 'name', label: 'Name of a new key', error };
  return (
    <PostForm token={token} class="stack">
      <input type="hidden" name="do" value="make" />
      <input type="hidden" name="key" value={randomUUID()} />
      <Field {...field}>
        <input {...inputOf(field)} value={name} maxlength={LIMITS.name} required />
      </Field>
      <fieldset class="choices">
        <legend>Scopes</legend>
        {scopes.map((scope) => (
          <label>
            <input type="checkbox" name="scopes" value={scope} checked /> {scope}
          </label>
        ))}
      </fieldset>
      <button type="submit">Make the key</button>
    </PostForm>
  );
};

interface Given {
  readonly name: string;
  readonly error?: string;
}

async function keysView(visit: Visit, { name, error }: Given, status: View['status'] = 200): Promise<View> {
  const cursor = queryOf(visit, 'cursor');
  const { data, nextCursor } = await visit.v1.GET('/v1/keys', {
    params: { query: { limit: 50, ...(cursor === undefined ? {} : { cursor }) } },
  });
  const { session, formToken } = visit;
  const scopes = CUSTOMER_SCOPES.filter((scope) => session.scopes.includes(scope));
  const body = (
    <>
      <Heading text="Keys">
        <a class="button plain" href="/app/developers">
          Developers
        </a>
      </Heading>
      {data.length === 0 ? <Empty>No key.</Empty> : <Keys keys={data} token={formToken} own={session.keyId} />}
      <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      <h2>A new key</h2>
      <NewKey token={formToken} scopes={scopes} name={name} error={error} />
    </>
  );
  return { title: 'Keys', body, status };
}

/** A key, which is never shown again. */
const Made: FC<{ secret: string }> = ({ secret }) => (
  <>
    <Heading text="The new key" />
    <Notice>Keep it now: it is shown only here.</Notice>
    <pre id="secret">{secret}</pre>
    <p class="actions">
      <button type="button" class="plain" data-needs-script data-copies="#secret">
        Copy
      </button>
      <a class="button" href="/app/keys">
        To the keys
      </a>
    </p>
  </>
);

async function make(visit: Visit, form: FormData): Promise<View> {
  const name = textOf(form, 'name');
  const scopes = CUSTOMER_SCOPES.filter((scope) => form.getAll('scopes').includes(scope));
  const body = { name, ...(scopes.length === 0 ? {} : { scopes }) };
  try {
    const { key } = await visit.v1.POST('/v1/keys', { body, idempotencyKey: textOf(form, 'key') });
    return { title: 'The new key', body: <Made secret={key} /> };
  } catch (error) {
    if (!(error instanceof V1Problem) || error.status !== 422) throw error;
    return keysView(visit, { name, error: error.detail }, 422);
  }
}

export const keysPage: Page = {
  path: '/keys',
  get: (visit) => keysView(visit, { name: '' }),
  post: async (visit, form) => {
    switch (textOf(form, 'do')) {
      case 'make':
        return make(visit, form);
      case 'revoke': {
        const id = readSmallId(textOf(form, 'id'));
        const { name } = await visit.v1.DELETE('/v1/keys/{id}', { params: { path: { id } } });
        return redirect(visit, '/app/keys', `The key ${name} is revoked.`);
      }
      default:
        throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
    }
  },
};
