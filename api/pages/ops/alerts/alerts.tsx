import type { FC } from 'hono/jsx';
import type { Alert } from '../../../../client/openapi.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readId } from '../../../v1/ids.ts';
import { hereOf, type Page, queryOf, redirect, textOf } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { count } from '../../view/formats.ts';
import { Empty, Heading, Pager, Said, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { Tabs } from '../../view/tabs.tsx';
import { AlertSubject } from '../subject.tsx';
import { Acts, Staff } from './alert-acts.tsx';
import { ALERT_STATES, type AlertState, stateOf } from './alert-state.ts';

/** Rows of one read: all open alerts, unless very much is wrong. */
const ROWS = 100;

const NAMES: Readonly<Record<AlertState, string>> = {
  new: 'New',
  acknowledged: 'Acknowledged',
  snoozed: 'Snoozed',
  ended: 'Ended',
};

const COLUMNS: readonly Column[] = [
  { name: 'Alert' },
  { name: 'About' },
  { name: 'What' },
  { name: 'Staff' },
  { name: 'Since', kind: 'number' },
  { name: 'Act', kind: 'action', isNameHidden: true },
];

const Alerts: FC<{ alerts: readonly Alert[]; state: AlertState; token: string }> = ({ alerts, state, token }) => {
  const columns = state === 'ended' ? COLUMNS.map((one) => (one.name === 'Act' ? ENDED : one)) : COLUMNS;
  return (
    <Table columns={columns} caption={`${NAMES[state]} alerts, newest first`}>
      {alerts.map((alert) => (
        <Row
          columns={columns}
          id={`alert-${alert.id}`}
          cells={[
            <span class="what">
              <b>{alert.kind.replaceAll('_', ' ')}</b>
            </span>,
            <AlertSubject alert={alert} />,
            <Said text={alert.detail} />,
            <Staff alert={alert} />,
            <Time at={alert.at} />,
            state === 'ended' ? <Time at={alert.resolvedAt} /> : <Acts alert={alert} token={token} state={state} />,
          ]}
        />
      ))}
    </Table>
  );
};

const ENDED: Column = { name: 'Ended', kind: 'number' };

const NOTHING: Readonly<Record<AlertState, string>> = {
  new: 'No new alert.',
  acknowledged: 'No open alert was acknowledged.',
  snoozed: 'No alert is snoozed.',
  ended: 'No alert has ended yet.',
};

const shownOf = (text: string | undefined): AlertState => ALERT_STATES.find((state) => state === text) ?? 'new';

/** Alerts by what staff did about them. Most end by themselves; staff end those whose cause nothing looks at again. */
export const alertsPage: Page = {
  path: '/alerts',
  get: async (visit) => {
    const state = shownOf(queryOf(visit, 'show'));
    const cursor = queryOf(visit, 'cursor');
    const read = (open: 'true' | 'false', at: string | undefined) =>
      visit.v1.GET('/v1/admin/alerts', {
        params: { query: { limit: ROWS, open, ...(at === undefined ? {} : { cursor: at }) } },
      });
    const isEnded = state === 'ended';
    const [open, ended] = await Promise.all([
      read('true', isEnded ? undefined : cursor),
      isEnded ? read('false', cursor) : undefined,
    ]);
    const now = Date.now();
    const inState = (one: AlertState) => open.data.filter((alert) => stateOf(alert, now) === one);
    const alerts = ended?.data ?? inState(state);
    const number = (one: AlertState) =>
      one === 'ended' ? '' : ` ${count(inState(one).length)}${open.nextCursor === null ? '' : '+'}`;
    const body = (
      <>
        <Heading text="Alerts" />
        <Tabs
          label="Alerts by state"
          tabs={ALERT_STATES.map((one) => ({
            href: `/ops/alerts?show=${one}`,
            text: NAMES[one] + number(one),
            isHere: one === state,
          }))}
        />
        <p class="quiet">
          An alert ends by itself when its cause is over. Resolve stands where nothing looks at the cause again: an
          unknown word, a webhook that fails, requests that cannot be stored. What comes back is a new alert.
        </p>
        {alerts.length === 0 ? (
          <Empty>
            <p>{NOTHING[state]}</p>
          </Empty>
        ) : (
          <Alerts alerts={alerts} state={state} token={visit.formToken} />
        )}
        <Pager here={new URL(visit.c.req.url)} next={(ended ?? open).nextCursor} />
      </>
    );
    return { title: 'Alerts', body };
  },
  post: async (visit, form) => {
    const here = hereOf(visit);
    const params = { path: { id: readId(textOf(form, 'id')) ?? 0 } };
    try {
      switch (textOf(form, 'do')) {
        case 'acknowledge': {
          const { subject } = await visit.v1.POST('/v1/admin/alerts/{id}/acknowledge', { params });
          return redirect(visit, here, `The alert about ${subject} is acknowledged.`);
        }
        case 'snooze': {
          const body = { minutes: Number(textOf(form, 'minutes')) };
          const { subject } = await visit.v1.POST('/v1/admin/alerts/{id}/snooze', { params, body });
          return redirect(visit, here, `The alert about ${subject} is snoozed.`);
        }
        case 'resolve': {
          const body = { reason: textOf(form, 'reason') };
          const { subject } = await visit.v1.POST('/v1/admin/alerts/{id}/resolve', { params, body });
          return redirect(visit, here, `The alert about ${subject} is resolved.`);
        }
        default:
          throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
      }
    } catch (error) {
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      return redirect(visit, here, `Not done: ${error.detail}.`, 'error');
    }
  },
};
