import type { FC } from 'hono/jsx';
import { orderWorkflowId } from '../../../workflows/contract.ts';
import type { Visit } from '../page.ts';

/** An address of these pages with its parameters; those that are undefined are left out. */
export function addressOf(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  const search = given.toString();
  return search === '' ? path : `${path}?${search}`;
}

export const OrderLink: FC<{ id: number }> = ({ id }) => (
  <a class="number" href={`/ops/orders/${id}`} data-open>
    {id}
  </a>
);

interface Named {
  readonly id: number;
  /** Without a name the link says the id. */
  readonly name: string | null | undefined;
  /** Whether the id stands beside the name; in lists it is on hover alone. */
  readonly withId?: boolean;
}

/** A name that leads to the page of what it names. */
const linkTo =
  (kind: 'account' | 'provider' | 'service'): FC<Named> =>
  ({ id, name, withId = false }) => (
    <>
      <a href={`/ops/${kind}s/${id}`} title={`${kind} ${id}`}>
        {name ?? `${kind} ${id}`}
      </a>
      {withId ? <span class="quiet"> {id}</span> : ''}
    </>
  );

export const ProviderLink = linkTo('provider');
export const AccountLink = linkTo('account');
export const ServiceLink = linkTo('service');

/** The address of an order's workflow in the Temporal UI; undefined when the installation does not name the UI. */
export function workflowAddress(
  { TEMPORAL_UI_URL: ui, TEMPORAL_NAMESPACE: namespace = 'default' }: Visit['deps']['config'],
  orderId: number,
): string | undefined {
  if (ui === undefined) return undefined;
  return `${ui.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${orderWorkflowId(orderId)}`;
}

/** Leads to the order's workflow in the Temporal UI. */
export const WorkflowLink: FC<{ visit: Visit; id: number }> = ({ visit, id }) => {
  const address = workflowAddress(visit.deps.config, id);
  return address === undefined ? null : (
    <a class="button plain" href={address} rel="noreferrer noopener external">
      Temporal UI
    </a>
  );
};
