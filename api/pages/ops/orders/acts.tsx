import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { StaffOrderFile } from '../../../../client/openapi.ts';
import { ORDER_ACTIONS, type OrderAction } from '../../../../domain/review/order-actions.ts';
import { type RefusedForm, refusedIn, typedOr } from '../../form-key.ts';
import { Choice, Field, inputOf, PostForm } from '../../view/parts.tsx';
import { ACTION_NAMES, whyNot } from './actions.ts';

interface FormsProps {
  readonly order: StaffOrderFile;
  readonly token: string;
  readonly refused: RefusedForm | undefined;
}

const ReasonField: FC<{ id: string; refused: RefusedForm | undefined }> = ({ id, refused }) => {
  const field = { name: id, label: 'Reason', error: refused?.errors.reason };
  return (
    <Field {...field}>
      <input
        {...inputOf(field)}
        name="reason"
        required
        maxlength={200}
        autocomplete="off"
        value={typedOr(refused, 'reason')}
      />
    </Field>
  );
};

/** A button that opens a form with a reason. */
const Act: FC<{ id: number; action: OrderAction; token: string; refused: RefusedForm | undefined }> = ({
  id,
  action,
  token,
  refused,
}) => (
  <details class="act" open={refused !== undefined}>
    <summary>{ACTION_NAMES[action]}…</summary>
    <PostForm token={token} class="stack" action={`/ops/orders/${id}`}>
      <input type="hidden" name="do" value={action} />
      <input type="hidden" name="key" value={refused?.key ?? randomUUID()} />
      <ReasonField id={`${action}-reason`} refused={refused} />
      <button type="submit" class={action === 'cancel' ? 'danger' : ''}>
        {ACTION_NAMES[action]}: order {id}
      </button>
    </PostForm>
  </details>
);

/** What can be done with the order, and what cannot, with the reason. */
export const Acts: FC<FormsProps> = ({ order, token, refused: form }) => {
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
      {judged.map(({ action, why }) =>
        why === undefined ? <Act id={order.id} action={action} token={token} refused={refusedIn(form, action)} /> : '',
      )}
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
export const CountsForm: FC<FormsProps> = ({ order: { id, batches }, token, refused }) => {
  if (batches.length === 0) return null;
  const here = refusedIn(refused, 'counts');
  const number = (name: string, label: string) => {
    const field = { name, label, error: here?.errors[name] };
    return (
      <Field {...field}>
        <input {...inputOf(field)} inputmode="numeric" size={10} value={typedOr(here, name)} />
      </Field>
    );
  };
  return (
    <details class="act below" open={here !== undefined}>
      <summary>Set counts…</summary>
      <PostForm token={token} class="stack" action={`/ops/orders/${id}`}>
        <input type="hidden" name="do" value="counts" />
        <input type="hidden" name="key" value={here?.key ?? randomUUID()} />
        <p class="hint">For what the provider says wrongly or not at all. No money moves.</p>
        <Choice
          name="batch"
          label="Batch"
          value={typedOr(here, 'batch')}
          options={[...batches].reverse().map(({ batch }) => [String(batch), `batch ${batch}`] as const)}
        />
        {number('startCount', 'Start count')}
        {number('remains', 'Remains')}
        <ReasonField id="counts-reason" refused={here} />
        <button type="submit">Set the counts</button>
      </PostForm>
    </details>
  );
};
