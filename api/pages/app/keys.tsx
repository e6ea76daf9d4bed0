import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { Key } from '../../../client/openapi.ts';
import { CUSTOMER_SCOPES, type Scope } from '../../../db/account/accounts.ts';
import { Refusal } from '../../../domain/errors.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { readSmallId } from '../../v1/ids.ts';
import { keyAfter } from '../form-key.ts';
import { hereOf, may, type Page, queryOf, redirect, textOf, type View, type Visit } from '../page.ts';
import { V1Problem } from '../v1.ts';
import { Empty, Field, FinalAct, Heading, inputOf, Notice, Pager, PostForm, Time } from '../view/parts.tsx';
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

const Revoke: FC<{ of: Key; token: string; isOwn: boolean }> = ({ of: { id, name }, token, isOwn }) => (
  <FinalAct
    token={token}
    name="Revoke"
    of={`the key ${name}`}
    effect={
      isOwn
        ? 'You are signed in with this key: revoking it signs you out at once, and all programs that use it stop.'
        : 'Programs that use the key stop, and its sessions end at once.'
    }
  >
    <input type="hidden" name="do" value="revoke" />
    <input type="hidden" name="id" value={String(id)} />
  </FinalAct>
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
            state === 'valid' ? <Revoke of={key} token={token} isOwn={key.id === own} /> : '',
          ]}
        />
      );
    })}
  </Table>
);

/** The form for a new key: what was typed and marked, and what is wrong with it. */
interface Given {
  readonly name: string;
  readonly marked: readonly Scope[];
  readonly key: string;
  readonly errors: { readonly name?: string | undefined; readonly scopes?: string; readonly form?: string };
}

const NewKey: FC<{ token: string; scopes: readonly Scope[]; given: Given }> = ({ token, scopes, given }) => {
  const { name, marked, key, errors } = given;
  const field = { name: 'name', label: 'Name of a new key', error: errors.name };
  return (
    <PostForm token={token} class="stack">
      <input type="hidden" name="do" value="make" />
      <input type="hidden" name="key" value={key} />
      <Field {...field}>
        <input {...inputOf(field)} value={name} maxlength={LIMITS.name} required />
      </Field>
      <fieldset class="choices" {...(errors.scopes === undefined ? {} : { 'aria-describedby': 'scopes-error' })}>
        <legend>Scopes</legend>
        {scopes.map((scope) => (
          <label>
            <input type="checkbox" name="scopes" value={scope} checked={marked.includes(scope)} /> {scope}
          </label>
        ))}
        {errors.scopes === undefined ? (
          ''
        ) : (
          <p class="error" id="scopes-error">
            {errors.scopes}
          </p>
        )}
      </fieldset>
      <button type="submit">Make the key</button>
    </PostForm>
  );
};

async function keysView(visit: Visit, given: Given, status: View['status'] = 200): Promise<View> {
  const cursor = queryOf(visit, 'cursor');
  const { data, nextCursor } = await visit.v1.GET('/v1/keys', {
    params: { query: { limit: 50, ...(cursor === undefined ? {} : { cursor }) } },
  });
  const { session, formToken } = visit;
  const scopes = CUSTOMER_SCOPES.filter((scope) => may(visit, scope));
  const { form: fault } = given.errors;
  const body = (
    <>
      <Heading text="Keys">
        <a class="button plain" href="/app/developers">
          Developers
        </a>
      </Heading>
      {fault === undefined ? '' : <Notice kind="error">{fault}</Notice>}
      {data.length === 0 ? <Empty>No key.</Empty> : <Keys keys={data} token={formToken} own={session.keyId} />}
      <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      <h2>A new key</h2>
      <NewKey token={formToken} scopes={scopes} given={given} />
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
  const [name, key] = [textOf(form, 'name'), textOf(form, 'key')];
  const scopes = CUSTOMER_SCOPES.filter((scope) => form.getAll('scopes').includes(scope));
  const typed = { name, marked: scopes };
  // Without scopes v1 would give the key all of them.
  if (scopes.length === 0) {
    return keysView(visit, { ...typed, key, errors: { scopes: 'Mark at least one scope.' } }, 422);
  }
  try {
    const made = await visit.v1.POST('/v1/keys', { body: { name, scopes }, idempotencyKey: key });
    return { title: 'The new key', body: <Made secret={made.key} /> };
  } catch (error) {
    if (!(error instanceof V1Problem) || error.status === 401) throw error;
    const fault = error.errors.find(({ path }) => path === 'name')?.message;
    const errors = fault === undefined ? { form: `${error.title}: ${error.detail}` } : { name: fault };
    return keysView(visit, { ...typed, key: keyAfter(key, error), errors }, 422);
  }
}

async function revoke(visit: Visit, form: FormData): Promise<Response> {
  const id = readSmallId(textOf(form, 'id'));
  try {
    const { name } = await visit.v1.DELETE('/v1/keys/{id}', { params: { path: { id } } });
    return redirect(visit, hereOf(visit), `The key ${name} is revoked.`);
  } catch (error) {
    if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
    return redirect(visit, hereOf(visit), `Not done. ${error.title}: ${error.detail}`, 'error');
  }
}

export const keysPage: Page = {
  path: '/keys',
  scope: 'keys:manage',
  get: (visit) => keysView(visit, { name: '', marked: CUSTOMER_SCOPES, key: randomUUID(), errors: {} }),
  post: async (visit, form) => {
    switch (textOf(form, 'do')) {
      case 'make':
        return make(visit, form);
      case 'revoke':
        return revoke(visit, form);
      default:
        throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
    }
  },
};
