/** What a worker bundles: the workflows, by the names in messages.ts. */
export { mass } from './mass.ts';
export { order } from './order.ts';
export { watch } from './watch.ts';
