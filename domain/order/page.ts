/**
 * A link in Markdown to an order's page for staff, which the Temporal UI shows: the workflow itself knows no running count.
 * `publicUrl` is where people reach the pages, without a path.
 */
export const pageLink = (publicUrl: string, orderId: number): string =>
  `[Order ${orderId} with its running count](${new URL(`/ops/orders/${orderId}`, publicUrl).href})`;
