import { randomUUID } from 'node:crypto';
import { keyAfter } from '../../form-key.ts';
import { type Page, queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { SEARCH_KEYS } from '../../view/layout.tsx';
import { Amount, Empty, Field, Heading, inputOf, Pager, PostForm, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';

const ROWS = 50;

const COLUMNS: readonly Column[] = [
  { name: 'Account' },
  { name: 'Balance', kind: 'number' },
  { name: 'Opened', kind: 'number' },
];

const SEARCH = { name: 'search', label: 'Id, or beginning of the name' };

interface NewAccount {
  readonly name: string;
  readonly key: string;
  readonly error?: string;
}

async function viewOf(visit: Visit, given: NewAccount, status: View['status'] = 200): Promise<View> {
  const [search, cursor] = [queryOf(visit, 'search'), queryOf(visit, 'cursor')];
  const query = {
    limit: ROWS,
    ...(search === undefined ? {} : { search }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const { data, nextCursor } = await visit.v1.GET('/v1/admin/accounts', { params: { query } });
  const field = { name: 'name', label: 'Name', error: given.error };
  const body = (
    <>
      <Heading text="Accounts" />
      <div class="actions">
        <details class="act" open={given.error !== undefined}>
          <summary>Open an account…</summary>
          <PostForm token={visit.formToken} class="stack" action="/ops/accounts">
            <input type="hidden" name="key" value={given.key} />
            <Field {...field}>
              <input {...inputOf(field)} value={given.name} autocomplete="off" required />
            </Field>
            <button type="submit">Open the account</button>
          </PostForm>
        </details>
      </div>
      <search>
        <form method="get" class="filters">
          <Field {...SEARCH}>
            <input {...inputOf(SEARCH)} type="search" value={search ?? ''} data-search />
          </Field>
          <button type="submit">Search</button>
        </form>
      </search>
      {data.length === 0 ? (
        <Empty>
          <p>{search === undefined ? 'No account yet.' : 'No account has this id, or a name that begins so.'}</p>
          {search === undefined ? '' : <a href="/ops/accounts">Show all accounts</a>}
        </Empty>
      ) : (
        <Table columns={COLUMNS} caption={search === undefined ? 'Accounts, newest first' : 'Accounts that were found'}>
          {data.map(({ id, name, balance, createdAt }) => (
            <Row
              columns={COLUMNS}
              cells={[
                <span class="what">
                  <a href={`/ops/accounts/${id}`}>{name}</a> <span class="quiet">{id}</span>
                </span>,
                <Amount of={balance} />,
                <Time at={createdAt} />,
              ]}
            />
          ))}
        </Table>
      )}
      <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
    </>
  );
  return { title: 'Accounts', body, status, keys: SEARCH_KEYS };
}

/** Accounts, found by id or name, and opened. */
export const accountsPage: Page = {
  path: '/accounts',
  get: (visit) => viewOf(visit, { name: '', key: randomUUID() }),
  post: async (visit, form) => {
    const [name, key] = [textOf(form, 'name'), textOf(form, 'key')];
    try {
      const { id } = await visit.v1.POST('/v1/admin/accounts', { body: { name }, idempotencyKey: key });
      return redirect(visit, `/ops/accounts/${id}`, `Account ${id} is open.`);
    } catch (error) {
      if (!(error instanceof V1Problem) || error.status === 401) throw error;
      const fault = error.errors.find(({ path }) => path === 'name')?.message ?? error.detail;
      return viewOf(visit, { name, key: keyAfter(key, error), error: fault }, 422);
    }
  },
};
