import type { FC, PropsWithChildren } from 'hono/jsx';
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

export const ProviderLink: FC<PropsWithChildren<{ id: number }>> = ({ id, children }) => (
  <a href={`/ops/providers/${id}`}>{children ?? `provider ${id}`}</a>
);

/** The orders of an account. */
export const AccountLink: FC<PropsWithChildren<{ id: number }>> = ({ id, children }) => (
  <a href={addressOf('/ops/orders', { account: id })}>{children ?? `account ${id}`}</a>
);

/** The orders of a service. */
export const ServiceLink: FC<PropsWithChildren<{ id: number }>> = ({ id, children }) => (
  <a href={addressOf('/ops/orders', { service: id })}>{children ?? `service ${id}`}</a>
);

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
