import { type Desk, endSession, listSessions, type SessionsOf } from '../../../db/account/sessions.ts';
import { withTimeout } from '../../../db/client.ts';
import { QUERY_MS } from '../../http/timeouts.ts';
import { readId } from '../../v1/ids.ts';
import { may, type Page, redirect, textOf, type Visit } from '../page.ts';
import { browser } from '../view/formats.ts';
import { Heading, PostForm, Time } from '../view/parts.tsx';
import { type Column, Row, Table } from '../view/table.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Browser' },
  { name: 'Key' },
  { name: 'Signed in', kind: 'number' },
  { name: 'Last seen', kind: 'number' },
  { name: 'Ends', kind: 'number' },
  { name: 'End', kind: 'action', isNameHidden: true },
];

/** All of the account, for a key that may manage its keys; any other key sees and ends the sessions with itself alone. */
function ownSessions(visit: Visit): SessionsOf {
  const { accountId, keyId } = visit.session;
  return may(visit, 'keys:manage') || may(visit, 'admin') ? { accountId } : { accountId, keyId };
}

/** The open sessions of the account, which it can end. Sessions belong to the pages alone, so this page reads them itself. */
export const sessionsPage = (desk: Desk): Page => ({
  path: '/sessions',
  get: async (visit) => {
    const { deps, session, formToken } = visit;
    const sessions = await withTimeout(QUERY_MS, listSessions(deps.authSql, ownSessions(visit)));
    const body = (
      <>
        <Heading text="Sessions" />
        <p>
          Signed in as {session.accountName} with the key {session.keyName}. Revoking a key ends its sessions at once.
        </p>
        <Table columns={COLUMNS} caption="Open sessions, newest first">
          {sessions.map(({ id, agent, keyName, desk: where, createdAt, lastSeenAt, expiresAt }) => (
            <Row
              columns={COLUMNS}
              cells={[
                <span>
                  {browser(agent)} <span class="quiet">at /{where}</span>
                </span>,
                keyName,
                <Time at={createdAt.toISOString()} />,
                <Time at={lastSeenAt.toISOString()} />,
                <Time at={expiresAt.toISOString()} />,
                <PostForm token={formToken}>
                  <input type="hidden" name="session" value={String(id)} />
                  <button
                    type="submit"
                    class="plain"
                    aria-label={`${id === session.id ? 'End this one' : 'End'}: ${browser(agent)} with the key ${keyName}, session ${id}`}
                  >
                    {id === session.id ? 'End this one' : 'End'}
                  </button>
                </PostForm>,
              ]}
            />
          ))}
        </Table>
      </>
    );
    return { title: 'Sessions', body };
  },
  post: async (visit, form) => {
    const id = readId(textOf(form, 'session')) ?? 0;
    await withTimeout(QUERY_MS, endSession(visit.deps.sql, ownSessions(visit), id));
    return redirect(visit, `/${desk}/sessions`, 'The session has ended.');
  },
});
