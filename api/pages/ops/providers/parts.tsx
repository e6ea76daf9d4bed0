import { randomUUID } from 'node:crypto';
import type { FC, PropsWithChildren } from 'hono/jsx';
import type { Provider } from '../../../../client/openapi.ts';
import { Field, inputOf, PostForm, Time } from '../../view/parts.tsx';
import { Facts as FactList } from '../../view/table.tsx';
import { addressOf } from '../links.tsx';
import { Balance, ProviderState } from './state.tsx';

/** A form of the page for one thing to do. */
export const Do: FC<PropsWithChildren<{ what: string; token: string; class?: string }>> = ({
  what,
  token,
  children,
  ...rest
}) => (
  <PostForm token={token} {...rest}>
    <input type="hidden" name="do" value={what} />
    <input type="hidden" name="key" value={randomUUID()} />
    {children}
  </PostForm>
);

/** Pauses the provider, resumes it, and reads its balance and catalogue now. */
export const PauseForms: FC<{ provider: Provider; token: string }> = ({ provider, token }) => {
  const minutes = { name: 'minutes', label: 'Minutes' };
  const reason = { name: 'reason', label: 'Reason (optional)' };
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
      <details class="act">
        <summary>{provider.pausedUntil === null ? 'Pause…' : 'Pause longer…'}</summary>
        <Do what="pause" token={token} class="stack">
          <p class="hint">New orders take their next route, or wait. Orders that it has go on.</p>
          <Field {...minutes}>
            <input {...inputOf(minutes)} inputmode="numeric" value="60" required />
          </Field>
          <Field {...reason}>
            <input {...inputOf(reason)} maxlength={200} autocomplete="off" />
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

/** Where the provider is reached, and with which key. An empty field stays as it is; what is stored is never shown. */
export const Connection: FC<{ provider: Provider; token: string }> = ({ provider, token }) => {
  const url = {
    name: 'url',
    label: 'API address',
    hint: 'The same panel at a new address: it is asked about its orders there.',
  };
  const key = { name: 'providerKey', label: 'New key', hint: 'Empty: stays as it is.' };
  const secret = { name: 'callbackSecret', label: 'New secret of its callbacks', hint: 'Empty: stays as it is.' };
  return (
    <details class="act below">
      <summary>Address and key…</summary>
      <Do what="connection" token={token} class="stack">
        <Field {...url}>
          <input {...inputOf(url)} type="url" value={provider.url} required />
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
export const Limits: FC<{ provider: Provider; token: string }> = ({ provider, token }) => {
  const field = (
    name: 'pollSeconds' | 'breakAfter' | 'maxParallelSends' | 'lowBalance',
    label: string,
    hint: string,
  ) => {
    const named = { name, label, hint };
    return (
      <Field {...named}>
        <input {...inputOf(named)} inputmode="decimal" value={String(provider[name] ?? '')} />
      </Field>
    );
  };
  return (
    <details class="act below">
      <summary>Limits…</summary>
      <Do what="limits" token={token} class="stack">
        {field('pollSeconds', 'Seconds between two rounds', 'How often its running orders are asked about.')}
        {field('breakAfter', 'Pause after unclear answers', 'Sends in a row without a clear answer. Empty: as usual.')}
        {field('maxParallelSends', 'Sends at the same time', 'Further orders wait. Empty: as usual.')}
        {field('lowBalance', 'Alert below this balance', "In the provider's own currency. Empty: no alert.")}
        <button type="submit">Change the limits</button>
      </Do>
    </details>
  );
};
