import { randomUUID } from 'node:crypto';
import type { FC, PropsWithChildren } from 'hono/jsx';
import type { Provider } from '../../../../client/openapi.ts';
import { type RefusedForm, refusedIn, typedOr } from '../../form-key.ts';
import { Field, inputOf, PostForm, Time } from '../../view/parts.tsx';
import { Facts as FactList } from '../../view/table.tsx';
import { addressOf } from '../links.tsx';
import { Balance, ProviderState, Running } from './state.tsx';

/** A form of the page for one thing to do. */
export const Do: FC<
  PropsWithChildren<{ what: string; token: string; refused?: RefusedForm | undefined; class?: string }>
> = ({ what, token, refused, children, ...rest }) => (
  <PostForm token={token} {...rest}>
    <input type="hidden" name="do" value={what} />
    <input type="hidden" name="key" value={refused?.key ?? randomUUID()} />
    {children}
  </PostForm>
);

interface FormsProps {
  readonly provider: Provider;
  readonly token: string;
  readonly refused: RefusedForm | undefined;
}

/** Pauses the provider, resumes it, and reads its balance and catalogue now. */
export const PauseForms: FC<FormsProps> = ({ provider, token, refused }) => {
  const here = refusedIn(refused, 'pause');
  const minutes = { name: 'minutes', label: 'Minutes', error: here?.errors.minutes };
  const reason = { name: 'reason', label: 'Reason (optional)', error: here?.errors.reason };
  return (
    <>
      {provider.pausedUntil === null ? (
        ''
      ) : (
        <Do what="resume" token={token}>
          <button type="submit">Resume</button>
        </Do>
      )}
      <Do what="check" token={token}>
        <button type="submit" class="plain">
          Read balance and catalogue now
        </button>
      </Do>
      <details class="act" open={here !== undefined}>
        <summary>{provider.pausedUntil === null ? 'Pause…' : 'Pause longer…'}</summary>
        <Do what="pause" token={token} refused={here} class="stack">
          <p class="hint">New orders take their next route, or wait. Orders that it has go on.</p>
          <Field {...minutes}>
            <input {...inputOf(minutes)} inputmode="numeric" value={typedOr(here, 'minutes', '60')} required />
          </Field>
          <Field {...reason}>
            <input {...inputOf(reason)} maxlength={200} autocomplete="off" value={typedOr(here, 'reason')} />
          </Field>
          <button type="submit">Pause the provider</button>
        </Do>
      </details>
    </>
  );
};

/** The rows behind the provider: its orders, running, waiting and slow. */
export const Links: FC<{ id: number }> = ({ id }) => (
  <p class="links">
    <a href={addressOf('/ops/orders', { provider: id })}>All its orders</a>
    <a href={addressOf('/ops/orders', { provider: id, status: 'In progress' })}>In progress</a>
    <a href={addressOf('/ops', { provider: id })}>Waiting for a person</a>
    <a href={addressOf('/ops/stuck', { provider: id })}>Stuck and slow</a>
    <a href={`/ops/providers/${id}/held`}>Held corrections</a>
  </p>
);

const lists = ({ lists, noLists }: Provider): string => {
  if (lists !== null) return lists ? 'yes' : 'no';
  return Object.keys(noLists).length === 0
    ? 'as its answers show'
    : `its answers showed none for ${Object.keys(noLists).join(', ')}`;
};

export const Facts: FC<{ provider: Provider }> = ({ provider }) => (
  <FactList
    of={[
      ['State', <ProviderState provider={provider} />],
      ['Running', <Running provider={provider} />],
      ['Balance', <Balance provider={provider} />],
      ['Balance read', <Time at={provider.balanceAt} />],
      ['Catalogue read', <Time at={provider.catalogueAt} />],
      ...(provider.catalogueProblem === null ? [] : [['Catalogue problem', provider.catalogueProblem] as const]),
      ['API address', <span class="target">{provider.url}</span>],
      ['Asked about many at once', lists(provider)],
      ['Lists its orders', provider.listsOrders === null ? 'no: lost sends cannot be looked for' : 'yes'],
      ['Added', <Time at={provider.createdAt} />],
    ]}
  />
);

/** Where the provider is reached, and with which key. An empty field stays as it is; what is stored is never shown, nor a key that was typed. */
export const Connection: FC<FormsProps> = ({ provider, token, refused }) => {
  const here = refusedIn(refused, 'connection');
  const url = {
    name: 'url',
    label: 'API address',
    hint: 'The same panel at a new address: it is asked about its orders there.',
    error: here?.errors.url,
  };
  const empty = here === undefined ? 'Empty: stays as it is.' : 'Type it again. Empty: stays as it is.';
  const key = { name: 'providerKey', label: 'New key', hint: empty, error: here?.errors.key };
  const secret = {
    name: 'callbackSecret',
    label: 'New secret of its callbacks',
    hint: empty,
    error: here?.errors.callbackSecret,
  };
  return (
    <details class="act below" open={here !== undefined}>
      <summary>Address and key…</summary>
      <Do what="connection" token={token} refused={here} class="stack">
        <Field {...url}>
          <input {...inputOf(url)} type="url" value={typedOr(here, 'url', provider.url)} required />
        </Field>
        <Field {...key}>
          <input {...inputOf(key)} type="password" autocomplete="off" />
        </Field>
        <Field {...secret}>
          <input {...inputOf(secret)} type="password" autocomplete="off" />
        </Field>
        <button type="submit">Change address and key</button>
      </Do>
    </details>
  );
};

/** The cadence and the limits that staff change most. The rest of the profile is the API's. */
export const Limits: FC<FormsProps> = ({ provider, token, refused }) => {
  const here = refusedIn(refused, 'limits');
  const field = (
    name: 'pollSeconds' | 'breakAfter' | 'maxParallelSends' | 'lowBalance',
    label: string,
    hint: string,
  ) => {
    const named = { name, label, hint, error: here?.errors[name] };
    return (
      <Field {...named}>
        <input {...inputOf(named)} inputmode="decimal" value={typedOr(here, name, String(provider[name] ?? ''))} />
      </Field>
    );
  };
  return (
    <details class="act below" open={here !== undefined}>
      <summary>Limits…</summary>
      <Do what="limits" token={token} refused={here} class="stack">
        {field('pollSeconds', 'Seconds between two rounds', 'How often its running orders are asked about.')}
        {field('breakAfter', 'Pause after unclear answers', 'Sends in a row without a clear answer. Empty: as usual.')}
        {field('maxParallelSends', 'Sends at the same time', 'Further orders wait. Empty: as usual.')}
        {field('lowBalance', 'Alert below this balance', "In the provider's own currency. Empty: no alert.")}
        <button type="submit">Change the limits</button>
      </Do>
    </details>
  );
};
