import type { Provider, ProviderChange } from '../../../../client/openapi.ts';
import { TEACHABLE } from '../../../../domain/delivery/words.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { type RefusedForm, refusedBy, statusAfter } from '../../form-key.ts';
import { type Page, queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { numberOf, oneOf } from '../../queries.ts';
import { V1Problem } from '../../v1.ts';
import { Heading, Notice, Pager } from '../../view/parts.tsx';
import { Calls } from './call-parts.tsx';
import { callsOf } from './calls.ts';
import { Connection, Facts, Limits, Links, PauseForms } from './parts.tsx';
import { PriceChanges } from './price-changes.tsx';
import { unknownWords, Words } from './words.tsx';

/** Hours of calls that the page shows. */
const CALL_HOURS = 24;

const CHANGES = 20;

const idOf = ({ c }: Visit): number => readSmallId(c.req.param('id') ?? '');

const readProvider = ({ v1 }: Visit, id: number): Promise<Provider> =>
  v1.GET('/v1/admin/providers/{id}', { params: { path: { id } } });

async function providerView(visit: Visit, error?: string, refused?: RefusedForm): Promise<View> {
  const id = idOf(visit);
  const cursor = queryOf(visit, 'cursor');
  const provider = await readProvider(visit, id);
  const query = { limit: CHANGES, ...(cursor === undefined ? {} : { cursor }) };
  const [calls, changes, alerts] = await Promise.all([
    callsOf(visit, id, CALL_HOURS),
    visit.v1.GET('/v1/admin/providers/{id}/catalogue/changes', { params: { path: { id }, query } }),
    visit.v1.GET('/v1/admin/alerts', { params: { query: { open: 'true', limit: 100 } } }),
  ]);
  const token = visit.formToken;
  const body = (
    <>
      <Heading text={provider.name}>
        <PauseForms provider={provider} token={token} refused={refused} />
      </Heading>
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      <Links id={id} />
      <Facts provider={provider} />
      <Limits provider={provider} token={token} refused={refused} />
      <Connection provider={provider} token={token} refused={refused} />
      <Calls rows={calls} hours={CALL_HOURS} />
      <Words provider={provider} unknown={unknownWords(id, alerts.data)} token={token} refused={refused} />
      <PriceChanges changes={changes.data} />
      <Pager here={new URL(visit.c.req.url)} next={changes.nextCursor} />
    </>
  );
  return { title: provider.name, body, assets: ['uplot.css', 'uplot.js', 'chart.js'] };
}

/** What a form changes of the provider. An empty field of a limit restores the default; no alert without a low balance. */
async function changeOf(visit: Visit, form: FormData): Promise<ProviderChange> {
  if (textOf(form, 'do') === 'limits') {
    const number = (name: string) => (textOf(form, name) === '' ? null : numberOf(textOf(form, name)));
    return {
      pollSeconds: numberOf(textOf(form, 'pollSeconds')),
      lowBalance: textOf(form, 'lowBalance') || null,
      breakAfter: number('breakAfter'),
      maxParallelSends: number('maxParallelSends'),
    };
  }
  if (textOf(form, 'do') === 'connection') {
    const [key, callbackSecret] = [textOf(form, 'providerKey'), textOf(form, 'callbackSecret')];
    return {
      url: textOf(form, 'url'),
      ...(key === '' ? {} : { key }),
      ...(callbackSecret === '' ? {} : { callbackSecret }),
    };
  }
  const { statusWords } = await readProvider(visit, idOf(visit));
  const word = textOf(form, 'word');
  const { [word]: _, ...others } = statusWords as ProviderChange['statusWords'] & object;
  if (textOf(form, 'do') === 'forget') return { statusWords: others };
  const means = oneOf(TEACHABLE, textOf(form, 'means'));
  if (word === '' || means === undefined) throw new Refusal('invalid_request', 'a word and what it means are needed');
  return { statusWords: { ...others, [word]: means } };
}

/** Does what a form asks for; returns what is said about it. */
async function act(visit: Visit, form: FormData): Promise<string> {
  const params = { path: { id: idOf(visit) } };
  const idempotencyKey = textOf(form, 'key');
  const { v1 } = visit;
  switch (textOf(form, 'do')) {
    case 'pause': {
      const body = { minutes: numberOf(textOf(form, 'minutes')), reason: textOf(form, 'reason') };
      await v1.POST('/v1/admin/providers/{id}/pause', { params, body, idempotencyKey });
      return `The provider is paused for ${body.minutes} minutes. New orders take their next route, or wait.`;
    }
    case 'resume':
      await v1.POST('/v1/admin/providers/{id}/resume', { params, idempotencyKey });
      return 'The provider is open again. Waiting orders come back within minutes.';
    case 'check': {
      const checked = await v1.POST('/v1/admin/providers/{id}/catalogue/refresh', { params, idempotencyKey });
      return checked.problem === null
        ? `Read ${checked.services} services: ${checked.added} new, ${checked.changed} changed, ${checked.gone} gone.`
        : `The catalogue could not be read: ${checked.problem}.`;
    }
    case 'limits':
    case 'connection':
    case 'teach':
    case 'forget':
      await v1.PATCH('/v1/admin/providers/{id}', { params, body: await changeOf(visit, form) });
      return 'The provider is changed, from the next send and the next round on.';
    default:
      throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
  }
}

/** How a provider is, how it answered, what it says, and what staff can change. */
export const providerPage: Page = {
  path: '/providers/:id',
  get: (visit) => providerView(visit),
  post: async (visit, form) => {
    try {
      return redirect(visit, `/ops/providers/${idOf(visit)}`, await act(visit, form));
    } catch (error) {
      if (error instanceof Refusal) {
        const refused = { form, errors: {}, key: textOf(form, 'key') };
        return { ...(await providerView(visit, `Not done: ${error.message}.`, refused)), status: 422 };
      }
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      const view = await providerView(visit, `Not done. ${error.title}: ${error.detail}.`, refusedBy(form, error));
      return { ...view, status: statusAfter(error) };
    }
  },
};
