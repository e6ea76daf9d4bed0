import type { FC } from 'hono/jsx';
import type { AccountFile, Key } from '../../../../client/openapi.ts';
import { LIMITS } from '../../../../domain/limits.ts';
import { ORDER_STATUSES } from '../../../../domain/order/status.ts';
import type { View, Visit } from '../../page.ts';
import { countUpTo } from '../../view/formats.ts';
import { Amount, Empty, FinalAct, Heading, Notice, Status, Time } from '../../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../../view/table.tsx';
import { ACCOUNT_FORMS, AccountAct, type Refused } from './account-forms.tsx';

const KEY_COLUMNS: readonly Column[] = [
  { name: 'Key' },
  { name: 'Scopes' },
  { name: 'Made', kind: 'number' },
  { name: 'Last used', kind: 'number' },
  { name: 'Expires', kind: 'number' },
  { name: 'State' },
  { name: 'Revoke', kind: 'action', isNameHidden: true },
];

const isOver = ({ revokedAt, expiresAt }: Key): string | undefined => {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? 'expired' : undefined;
};

const Keys: FC<{ keys: readonly Key[]; token: string }> = ({ keys, token }) => (
  <Table columns={KEY_COLUMNS} caption="Keys, newest first">
    {keys.map((key) => {
      const over = isOver(key);
      return (
        <Row
          columns={KEY_COLUMNS}
          cells={[
            <span class="what">
              {key.name} <code class="quiet">hf_{key.prefix}…</code>
              {key.madeBy === null ? '' : <span class="quiet"> made with key {key.madeBy}</span>}
            </span>,
            key.scopes.join(', '),
            <Time at={key.createdAt} />,
            <Time at={key.lastUsedAt} />,
            <Time at={key.expiresAt} />,
            <span class={`badge ${over === undefined ? 'is-completed' : ''}`}>{over ?? 'valid'}</span>,
            over === undefined ? (
              <FinalAct
                token={token}
                name="Revoke"
                of={`key ${key.id}`}
                effect="Programs that use the key stop, and its sessions end at once."
              >
                <input type="hidden" name="do" value="revoke" />
                <input type="hidden" name="id" value={String(key.id)} />
              </FinalAct>
            ) : (
              ''
            ),
          ]}
        />
      );
    })}
  </Table>
);

const Orders: FC<{ account: AccountFile }> = ({ account: { id, orders } }) => (
  <ul class="tiles is-small">
    {ORDER_STATUSES.map((status) => {
      const number = orders[status] ?? 0;
      return (
        <li>
          <a href={`/ops/orders?${new URLSearchParams({ account: String(id), status })}`}>
            <Status status={status} />
            <b>{countUpTo(LIMITS.ordersCounted, number)}</b>
          </a>
        </li>
      );
    })}
  </ul>
);

/** The page of an account; `refused` is a form of it that could not be carried out. */
export async function accountView(visit: Visit, account: AccountFile, refused?: Refused): Promise<View> {
  const { id, name, balance, held, currency, createdAt, keys } = account;
  const fault = refused?.errors[''];
  const body = (
    <>
      <Heading text={name}>
        <a class="button plain" href={`/ops/orders?account=${id}`}>
          All orders
        </a>
        <a class="button plain" href={`/ops/accounts/${id}/statement`}>
          Statement
        </a>
        <a class="button plain" href={`/ops/accounts/${id}/requests`}>
          Requests
        </a>
        <a class="button plain" href={`/ops/audit?subject=accounts/${id}`}>
          What staff did
        </a>
      </Heading>
      {fault === undefined ? '' : <Notice kind="error">{fault}</Notice>}
      <Facts
        of={[
          ['Account', id],
          ['Balance', <Amount of={balance} currency={currency} />],
          ['Held for open orders', <Amount of={held} currency={currency} />],
          ['Opened', <Time at={createdAt} />],
        ]}
      />
      <div class="actions">
        {ACCOUNT_FORMS.map((what) => (
          <AccountAct what={what} token={visit.formToken} refused={refused} />
        ))}
      </div>
      <h2>Orders</h2>
      <Orders account={account} />
      <h2>Keys</h2>
      {keys.length === 0 ? (
        <Empty>
          <p>No key yet. With a key the customer can sign in and call the API.</p>
        </Empty>
      ) : (
        <Keys keys={keys} token={visit.formToken} />
      )}
      {keys.length < LIMITS.keysShown ? '' : <p class="quiet">The last {LIMITS.keysShown} keys.</p>}
    </>
  );
  return { title: name, body, status: refused === undefined ? 200 : 422 };
}

/** A key, which is never shown again. */
export const newKeyView = (account: number, key: string): View => ({
  title: 'New key',
  body: (
    <>
      <Heading text="The new key" />
      <Notice>Keep it now: it is shown only here.</Notice>
      <pre id="key">{key}</pre>
      <p class="actions">
        <button type="button" class="plain" data-needs-script data-copies="#key">
          Copy
        </button>
        <a class="button" href={`/ops/accounts/${account}`}>
          To the account
        </a>
      </p>
    </>
  ),
});
