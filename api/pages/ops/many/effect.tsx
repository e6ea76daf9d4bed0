import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { BulkDryRun } from '../../../../client/openapi.ts';
import { textOf } from '../../page.ts';
import { count, counted, money } from '../../view/formats.ts';
import { Amount, Field, inputOf, PostForm } from '../../view/parts.tsx';
import { Facts } from '../../view/table.tsx';
import { addressOf } from '../links.tsx';

/** Fields that a form carries along unseen. A list is sent as one field for each value. */
export type Carried = Readonly<Record<string, string | number | readonly number[] | undefined>>;

export const CarriedFields: FC<{ of: Carried }> = ({ of }) => (
  <>
    {Object.entries(of).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) =>
        one === undefined ? '' : <input type="hidden" name={name} value={String(one)} />,
      ),
    )}
  </>
);

/** What an action on many orders would touch: the orders, and the money that is held for them. */
export const Effect: FC<{ effect: BulkDryRun }> = ({ effect: { orders, held, refused, currency } }) => (
  <Facts
    of={[
      ['Orders', count(orders)],
      ['Money held for them', <Amount of={held} currency={currency} />],
      ['Not possible for', `${count(refused)} orders`],
    ]}
  />
);

/** What tells an effect from another: the orders, why each waits, its uncertain attempts, and the money. */
const shownOf = ({ orders, held, digest }: BulkDryRun): Carried => ({ orders, held, digest });

/** Whether what the person was shown, as the form carries it, is what is shown now. */
export const isAsShown = (shown: Carried, form: FormData): boolean =>
  Object.entries(shown).every(([name, value]) => textOf(form, name) === String(value));

/** Whether the action would still touch what the person was shown. */
export const touchesAsShown = (effect: BulkDryRun, form: FormData): boolean => isAsShown(shownOf(effect), form);

/**
 * Says that what was shown has changed. A form whose answer was lost is sent again, and finds what it has itself done: `past` is
 * where that stands.
 */
export const MovedOn: FC<{ what: string; past: string; name: string }> = ({ what, past, name }) => (
  <>
    {what} Nothing more was sent. If you sent it before, <a href={past}>{name}</a> says what was done.
  </>
);

const SHOWN_NOW = 'The orders have moved on since you looked. This is what it would touch now.';

/** The same of an action on many orders; `route` is its place in the audit log. */
export const ManyMovedOn: FC<{ route: 'orders/actions' | 'reviews/resolve' }> = ({ route }) => (
  <MovedOn what={SHOWN_NOW} past={addressOf('/ops/audit', { subject: route })} name="the audit log" />
);

/** What a form is shown again with: the reason, and after a refusal the key with which it is sent again. */
export interface Again {
  readonly reason: string;
  readonly key?: string;
}

interface ConfirmProps {
  readonly token: string;
  /** What is carried out, like `Cancel`. */
  readonly what: string;
  readonly effect: BulkDryRun;
  readonly again: Again | undefined;
}

/** The form that carries out what was shown, for a reason. */
export const Confirm: FC<ConfirmProps> = ({ token, what, effect, again }) => {
  const { orders, held, currency } = effect;
  const reason = { name: 'reason', label: 'Reason', hint: 'Each timeline and the audit log show it with your name.' };
  return (
    <PostForm token={token} class="stack">
      <CarriedFields of={{ ...shownOf(effect), key: again?.key ?? randomUUID() }} />
      <Field {...reason}>
        <input {...inputOf(reason)} required maxlength={200} autocomplete="off" value={again?.reason ?? ''} />
      </Field>
      <button type="submit">
        {what}: {counted(orders, 'order')}, {money(held)} {currency} held
      </button>
    </PostForm>
  );
};
