import type { AccountFile } from '../../../../client/openapi.ts';
import { SCOPES } from '../../../../db/account/accounts.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { keyAfter } from '../../form-key.ts';
import { type Page, redirect, textOf, type View, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { money } from '../../view/formats.ts';
import { type AccountForm, fieldsOf, isAccountForm } from './account-forms.tsx';
import { accountView, newKeyView } from './account-view.tsx';

const paramsOf = ({ c }: Visit) => ({ path: { id: readSmallId(c.req.param('id') ?? '') } });

const readAccount = (visit: Visit): Promise<AccountFile> =>
  visit.v1.GET('/v1/admin/accounts/{id}', { params: paramsOf(visit) });

/** A time of a form, which is in UTC, as v1 takes it; text that is no time stays as it is, and v1 says so. */
function timeOf(text: string): string {
  const at = Date.parse(`${text}Z`);
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}

/** Carries a form out; the answer is a sentence about it, or a page with a key. */
async function act(visit: Visit, what: AccountForm, form: FormData): Promise<string | View> {
  const params = paramsOf(visit);
  const idempotencyKey = textOf(form, 'key');
  const payment = { amount: textOf(form, 'amount'), reference: textOf(form, 'reference') };
  switch (what) {
    case 'deposit': {
      const paid = await visit.v1.POST('/v1/admin/accounts/{id}/deposits', { params, body: payment, idempotencyKey });
      return `Deposited ${money(paid.amount)}. The balance was then ${money(paid.balance)}.`;
    }
    case 'debit': {
      const body = { ...payment, reason: textOf(form, 'reason') };
      const paid = await visit.v1.POST('/v1/admin/accounts/{id}/debits', { params, body, idempotencyKey });
      return `Debited ${money(paid.amount)}. The balance was then ${money(paid.balance)}.`;
    }
    case 'new-key': {
      const scopes = SCOPES.filter((scope) => form.getAll('scopes').includes(scope));
      const end = textOf(form, 'expiresAt');
      const body = {
        name: textOf(form, 'name'),
        ...(scopes.length === 0 ? {} : { scopes }),
        ...(end === '' ? {} : { expiresAt: timeOf(end) }),
      };
      const { key } = await visit.v1.POST('/v1/admin/accounts/{id}/keys', { params, body, idempotencyKey });
      return newKeyView(params.path.id, key);
    }
  }
}

/** What v1 said about each field of the form; `''` has what is about no field. */
function errorsOf({ title, detail, errors }: V1Problem, fields: readonly string[]): Record<string, string> {
  if (errors.length === 0) return { '': `${title}: ${detail}` };
  return Object.fromEntries(
    errors.map(({ path, message }) => (fields.includes(path) ? [path, message] : ['', `${path}: ${message}`])),
  );
}

/** One account: its wallet, its orders by status, its keys, and what staff do with them. */
export const accountPage: Page = {
  path: '/accounts/:id',
  get: async (visit) => accountView(visit, await readAccount(visit)),
  post: async (visit, form) => {
    const account = await readAccount(visit);
    const here = `/ops/accounts/${account.id}`;
    const what = textOf(form, 'do');
    if (what === 'revoke') {
      const id = readSmallId(textOf(form, 'id'));
      if (!account.keys.some((key) => key.id === id))
        return redirect(visit, here, 'The key is not of this account.', 'error');
      const { name } = await visit.v1.DELETE('/v1/admin/keys/{id}', { params: { path: { id } } });
      return redirect(visit, here, `The key “${name}” is revoked, and its sessions have ended.`);
    }
    if (!isAccountForm(what)) throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
    try {
      const done = await act(visit, what, form);
      return typeof done === 'string' ? redirect(visit, here, done) : done;
    } catch (error) {
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      const errors = errorsOf(error, fieldsOf(what));
      return accountView(visit, account, { what, form, errors, key: keyAfter(textOf(form, 'key'), error) });
    }
  },
};
