import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { StaffOrderFile } from '../../../../client/openapi.ts';
import { ORDER_ACTIONS, type OrderAction } from '../../../../domain/review/order-actions.ts';
import { Choice, Field, inputOf, PostForm } from '../../view/parts.tsx';
import { ACTION_NAMES, whyNot } from './actions.ts';

const ReasonField: FC<{ id: string }> = ({ id }) => {
  const field = { name: id, label: 'Reason' };
  return (
    <Field {...field}>
      <input {...inputOf(field)} name="reason" required maxlength={200} autocomplete="off" />
    </Field>
  );
};

/** A button that opens a form with a reason. */
const Act: FC<{ id: number; action: OrderAction; token: string }> = ({ id, action, token }) => (
  <details class="act">
    <summary>{ACTION_NAMES[action]}…</summary>
    <PostForm token={token} class="stack" action={`/ops/orders/${id}`}>
      <input type="hidden" name="do" value={action} />
      <input type="hidden" name="key" value={randomUUID()} />
      <ReasonField id={`${action}-reason`} />
      <button type="submit" class={action === 'cancel' ? 'danger' : ''}>
        {ACTION_NAMES[action]}: order {id}
      </button>
    </PostForm>
  </details>
);

/** What can be done with the order, and what cannot, with the reason. */
export const Acts: FC<{ order: StaffOrderFile; token: string }> = ({ order, token }) => {
  const judged = ORDER_ACTIONS.map((action) => ({ action, why: whyNot(order, action) }));
  const refused = judged.filter(({ why }) => why !== undefined);
  return (
    <div class="actions" id="actions">
      {order.review === null ? (
        ''
      ) : (
        <a class="button" href={`/ops/decide/${order.id}`} data-decide>
          Decide
        </a>
      )}
      {judged.map(({ action, why }) => (why === undefined ? <Act id={order.id} action={action} token={token} /> : ''))}
      {refused.length === 0 ? (
        ''
      ) : (
        <details class="act">
          <summary class="quiet">Not possible now: {refused.length}</summary>
          <ul>
            {refused.map(({ action, why }) => (
              <li>
                {ACTION_NAMES[action]}: {why}.
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
};

/** Sets what a provider says wrongly or not at all. No money moves. */
export const CountsForm: FC<{ order: StaffOrderFile; token: string }> = ({ order: { id, batches }, token }) => {
  if (batches.length === 0) return null;
  const number = (name: string, label: string) => (
    <Field name={name} label={label}>
      <input {...inputOf({ name, label })} inputmode="numeric" size={10} />
    </Field>
  );
  return (
    <details class="act below">
      <summary>Set counts…</summary>
      <PostForm token={token} class="stack" action={`/ops/orders/${id}`}>
        <input type="hidden" name="do" value="counts" />
        <input type="hidden" name="key" value={randomUUID()} />
        <p class="hint">For what the provider says wrongly or not at all. No money moves.</p>
        <Choice
          name="batch"
          label="Batch"
          options={[...batches].reverse().map(({ batch }) => [String(batch), `batch ${batch}`] as const)}
        />
        {number('startCount', 'Start count')}
        {number('remains', 'Remains')}
        <ReasonField id="counts-reason" />
        <button type="submit">Set the counts</button>
      </PostForm>
    </details>
  );
};
