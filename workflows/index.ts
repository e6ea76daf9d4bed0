/** What a worker bundles: the workflows, by the names in messages.ts. */
export { bulkResolution } from './bulk-resolution.ts';
export { delivery } from './delivery.ts';
export { housekeeping } from './housekeeping.ts';
export { mass } from './mass.ts';
export { order } from './order.ts';
export { outbox } from './outbox.ts';
export { providerCheck } from './provider-check.ts';
export { watch } from './watch.ts';
