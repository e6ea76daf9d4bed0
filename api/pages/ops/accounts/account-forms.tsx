import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import { SCOPES } from '../../../../db/account/accounts.ts';
import type { RefusedForm } from '../../form-key.ts';
import { textOf } from '../../page.ts';
import { Field, inputOf, PostForm } from '../../view/parts.tsx';

/** The forms of an account's page, by the value of their field `do`. */
export const ACCOUNT_FORMS = ['deposit', 'debit', 'new-key'] as const;
export type AccountForm = (typeof ACCOUNT_FORMS)[number];

export const isAccountForm = (text: string): text is AccountForm => (ACCOUNT_FORMS as readonly string[]).includes(text);

/** The form of the page that was refused; its error `''` is about the form as a whole. */
export interface Refused extends RefusedForm {
  readonly what: AccountForm;
}

interface Input {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'datetime-local';
  readonly isRequired?: boolean;
}

const AMOUNT: Input = { name: 'amount', label: 'Amount', hint: 'Up to 8 decimals', isRequired: true };
const REFERENCE = 'The customer reads it in the statement; each counts once';

const INPUTS: Readonly<Record<AccountForm, readonly Input[]>> = {
  deposit: [AMOUNT, { name: 'reference', label: 'Reference', hint: REFERENCE, isRequired: true }],
  debit: [
    AMOUNT,
    { name: 'reference', label: 'Reference', hint: REFERENCE, isRequired: true },
    { name: 'reason', label: 'Reason', hint: 'For the audit log alone', isRequired: true },
  ],
  'new-key': [
    { name: 'name', label: 'Name of the key', isRequired: true },
    { name: 'expiresAt', label: 'Expires at', hint: 'In UTC; empty: never', type: 'datetime-local' },
  ],
};

/** The names of a form's fields. */
export const fieldsOf = (what: AccountForm): readonly string[] => INPUTS[what].map(({ name }) => name);

const TITLES = { deposit: 'Deposit', debit: 'Debit', 'new-key': 'New key' } as const;
const BUTTONS = {
  deposit: 'Put it into the wallet',
  debit: 'Take it out of the wallet',
  'new-key': 'Make the key',
} as const;

const Scopes: FC<{ marked: readonly unknown[] }> = ({ marked }) => (
  <fieldset class="choices">
    <legend>Scopes</legend>
    <p class="hint">None marked: all that customers have. admin: this is a key of staff.</p>
    {SCOPES.map((scope) => (
      <label class="check">
        <input type="checkbox" name="scopes" value={scope} checked={marked.includes(scope)} /> {scope}
      </label>
    ))}
  </fieldset>
);

/** A form that is folded until it is used, or was refused. Its key makes a repeat of it do nothing twice. */
export const AccountAct: FC<{ what: AccountForm; token: string; refused: Refused | undefined }> = ({
  what,
  token,
  refused,
}) => {
  const here = refused?.what === what ? refused : undefined;
  return (
    <details class="act" open={here !== undefined}>
      <summary>{TITLES[what]}…</summary>
      <PostForm token={token} class="stack">
        <input type="hidden" name="do" value={what} />
        <input type="hidden" name="key" value={here?.key ?? randomUUID()} />
        {INPUTS[what].map(({ name, type = 'text', isRequired = false, ...field }) => {
          const shown = { ...field, name: `${what}-${name}`, error: here?.errors[name] };
          return (
            <Field {...shown}>
              <input
                {...inputOf(shown)}
                name={name}
                type={type}
                value={here === undefined ? '' : textOf(here.form, name)}
                inputmode={name === 'amount' ? 'decimal' : 'text'}
                autocomplete="off"
                {...(isRequired ? { required: true } : {})}
              />
            </Field>
          );
        })}
        {what === 'new-key' ? <Scopes marked={here?.form.getAll('scopes') ?? []} /> : ''}
        <button type="submit" class={what === 'debit' ? 'danger' : ''}>
          {BUTTONS[what]}
        </button>
      </PostForm>
    </details>
  );
};
