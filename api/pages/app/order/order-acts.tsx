import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { CurrentOrder, ReorderCandidates } from '../../../../client/openapi.ts';
import { type RefusedForm, refusedIn, typedOr } from '../../form-key.ts';
import { count, duration, money } from '../../view/formats.ts';
import { Field, inputOf, PostForm } from '../../view/parts.tsx';
import { ACTION_EFFECTS, ACTION_NAMES, ORDER_ACTIONS, whyNot } from './order-actions.ts';
import { curlOf } from './order-curl.ts';

interface ActProps {
  readonly id: number;
  readonly action: keyof typeof ACTION_EFFECTS;
  readonly token: string;
  /** The form as it was sent, when v1 refused it. */
  readonly refused: RefusedForm | undefined;
}

/** A button that opens a form with a reason. */
const Act: FC<ActProps> = ({ id, action, token, refused }) => {
  const field = { name: `${action}-reason`, label: 'Reason (optional)', error: refused?.errors.reason };
  return (
    <details class="act" open={refused !== undefined}>
      <summary>{ACTION_NAMES[action]}…</summary>
      <PostForm token={token} class="stack" action={`/app/orders/${id}`}>
        <input type="hidden" name="do" value={action} />
        <input type="hidden" name="key" value={refused?.key ?? randomUUID()} />
        <p class="quiet">{ACTION_EFFECTS[action]}</p>
        <Field {...field}>
          <input {...inputOf(field)} name="reason" maxlength={200} value={typedOr(refused, 'reason')} />
        </Field>
        <button type="submit" class={action === 'cancel' ? 'danger' : ''}>
          {ACTION_NAMES[action]} order {id}
        </button>
      </PostForm>
    </details>
  );
};

/** The rest of the order on another service. Without a candidate there is nothing to choose. */
const Again: FC<Pick<ActionsProps, 'order' | 'candidates' | 'token' | 'refused'>> = (props) => {
  const { order, candidates, token, refused } = props;
  const field = { name: 'service', label: 'Service', error: refused?.errors.service };
  const chosen = typedOr(refused, 'service');
  return (
    <details class="act" open={refused !== undefined}>
      <summary>{ACTION_NAMES.reorder}…</summary>
      <PostForm token={token} class="stack" action={`/app/orders/${order.id}`}>
        <input type="hidden" name="do" value="reorder" />
        <input type="hidden" name="key" value={refused?.key ?? randomUUID()} />
        <Field {...field} hint={`${count(order.remains)} are missing`}>
          <select {...inputOf(field)}>
            {candidates.map(({ service, name, price, averageSeconds }) => (
              <option value={String(service)} selected={String(service) === chosen}>
                {`${name}: ${money(price)} ${order.currency}${averageSeconds === null ? '' : `, ${duration(averageSeconds)} on average`}`}
              </option>
            ))}
          </select>
        </Field>
        <button type="submit">{ACTION_NAMES.reorder}</button>
      </PostForm>
    </details>
  );
};

interface ActionsProps {
  readonly order: CurrentOrder;
  readonly candidates: ReorderCandidates['data'];
  readonly type: string;
  readonly token: string;
  readonly canOrder: boolean;
  readonly apiUrl: string;
  /** The form that v1 refused. */
  readonly refused: RefusedForm | undefined;
}

/** What can be asked of the order, and what cannot, with the reason. */
export const Actions: FC<ActionsProps> = (props) => {
  const { order, candidates, type, token, canOrder, apiUrl } = props;
  const judged = ORDER_ACTIONS.map((action) => ({
    action,
    why: canOrder
      ? (whyNot(order, action) ??
        (action === 'reorder' && candidates.length === 0
          ? 'no other service takes the rest, or it was ordered again already'
          : undefined))
      : 'the key that you signed in with lacks the scope orders:write',
  }));
  const refused = judged.filter(({ why }) => why !== undefined);
  return (
    <div class="actions" id="actions">
      {judged.map(({ action, why }) => {
        if (why !== undefined) return '';
        const form = refusedIn(props.refused, action);
        if (action === 'reorder') return <Again order={order} candidates={candidates} token={token} refused={form} />;
        return <Act id={order.id} action={action} token={token} refused={form} />;
      })}
      <details class="act">
        <summary>Copy as curl</summary>
        <pre id="curl">{curlOf(apiUrl, order, type)}</pre>
        <button type="button" class="plain" data-needs-script data-copies="#curl">
          Copy
        </button>
      </details>
      {refused.length === 0 ? (
        ''
      ) : (
        <details class="act">
          <summary class="quiet">Not possible now: {refused.map(({ action }) => action).join(', ')}</summary>
          <ul>
            {refused.map(({ action, why }) => (
              <li>
                {ACTION_NAMES[action]}: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
};
