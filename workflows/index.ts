/** The workflows that a worker bundles, exported by their type names in contract.ts. */

export { watch } from './delivery/watch.ts';
export { order } from './order/order.ts';
export { mass } from './placement/bulk-orders.ts';
export { providerCheck } from './provider/check.ts';
export { housekeeping } from './reconcile/housekeeping.ts';
export { bulkResolution } from './review/bulk-resolution.ts';
export { delivery } from './webhook/delivery.ts';
export { outbox } from './webhook/outbox.ts';
