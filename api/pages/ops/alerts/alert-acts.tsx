import type { FC } from 'hono/jsx';
import type { Alert } from '../../../../client/openapi.ts';
import { Field, inputOf, PostForm, Time } from '../../view/parts.tsx';
import type { AlertState } from './alert-state.ts';

/** Minutes for which an alert can be put off. */
const SNOOZES = [
  ['60', '1 hour'],
  ['480', '8 hours'],
  ['1440', '1 day'],
  ['10080', '1 week'],
] as const;

interface ActsProps {
  readonly alert: Alert;
  readonly token: string;
  readonly state: AlertState;
}

/** Ends the alert, for a reason. */
const Resolve: FC<Pick<ActsProps, 'alert' | 'token'>> = ({ alert: { id, kind, subject }, token }) => {
  const reason = { name: `reason-${id}`, label: 'Reason' };
  return (
    <details class="act">
      <summary>
        Resolve…
        <span class="unseen">
          {' '}
          {kind} {subject}
        </span>
      </summary>
      <PostForm token={token} class="stack">
        <input type="hidden" name="id" value={String(id)} />
        <Field {...reason}>
          <input {...inputOf(reason)} name="reason" required maxlength={200} autocomplete="off" />
        </Field>
        <button type="submit" name="do" value="resolve">
          Resolve the alert
        </button>
      </PostForm>
    </details>
  );
};

/** What staff can do about an open alert. */
export const Acts: FC<ActsProps> = ({ alert, token, state }) => {
  const { id, kind, subject } = alert;
  return (
    <div class="actions">
      <PostForm token={token} class="row">
        <input type="hidden" name="id" value={String(id)} />
        {state === 'acknowledged' ? (
          ''
        ) : (
          <button
            type="submit"
            class="plain"
            name="do"
            value="acknowledge"
            aria-label={`Acknowledge ${kind} ${subject}`}
          >
            Acknowledge
          </button>
        )}
        <span class="row">
          <select name="minutes" aria-label={`Snooze ${kind} ${subject} for`}>
            {SNOOZES.map(([minutes, text]) => (
              <option value={minutes}>{text}</option>
            ))}
          </select>
          <button type="submit" class="plain" name="do" value="snooze" aria-label={`Snooze ${kind} ${subject}`}>
            Snooze
          </button>
        </span>
      </PostForm>
      {alert.canResolve ? <Resolve alert={alert} token={token} /> : ''}
    </div>
  );
};

/** What staff did about an alert, with their names. */
export const Staff: FC<{ alert: Alert }> = ({ alert }) => {
  const { acknowledgedAt, acknowledgedBy, snoozedUntil, snoozedBy, resolvedBy } = alert;
  const said = [
    acknowledgedAt === null ? undefined : (
      <>
        seen by {acknowledgedBy} <Time at={acknowledgedAt} />
      </>
    ),
    snoozedUntil === null ? undefined : (
      <>
        snoozed by {snoozedBy}, until <Time at={snoozedUntil} />
      </>
    ),
    resolvedBy === null ? undefined : <>resolved by {resolvedBy}</>,
  ].filter((part) => part !== undefined);
  if (said.length === 0) return <span class="quiet">–</span>;
  return (
    <span>
      {said.map((part, index) => (
        <>
          {index === 0 ? '' : ' · '}
          {part}
        </>
      ))}
    </span>
  );
};
