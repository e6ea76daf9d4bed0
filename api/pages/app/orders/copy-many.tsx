import { randomUUID } from 'node:crypto';
import type { Order } from '../../../../client/openapi.ts';
import { isServiceType, ruleOf } from '../../../../domain/catalogue/service-types.ts';
import type { Page } from '../../page.ts';
import { count } from '../../view/formats.ts';
import { Field, inputOf, PostForm } from '../../view/parts.tsx';
import { offeredServices, type Services } from '../services/services-read.ts';
import { idsAsked, ManyHeading, NoneSelected } from './bulk.tsx';
import { findOrders } from './orders-read.ts';

type Copied = Pick<Order, 'service' | 'link' | 'quantity' | 'runs' | 'intervalMinutes'>;

/** The line of a mass order that orders the same again; undefined when a line cannot say it. */
export function lineOf({ service, link, quantity, runs, intervalMinutes }: Copied, services: Services) {
  const type = services.get(service)?.type ?? '';
  const needsFields = isServiceType(type) && (ruleOf(type).needs.length > 0 || ruleOf(type).target !== 'link');
  if (needsFields || link.includes('|')) return undefined;
  return [service, link, quantity, ...(runs > 1 ? [runs, intervalMinutes ?? 1] : [])].join('|');
}

const IDS = { name: 'ids', label: 'Ids' };

const fieldOf = (lines: number, orders: number) => ({
  name: 'lines',
  label: 'Lines of a mass order',
  hint:
    lines === orders
      ? 'A line has no start, reference or metadata.'
      : `A line has no start, reference or metadata, and ${count(orders - lines)} of ${count(orders)} orders have fields that no line can have: order these by themselves.`,
});

/** The selected orders as text: their ids, and lines that order the same again. */
export const copyManyPage: Page = {
  path: '/orders/copy',
  get: async (visit) => {
    const [orders, services] = await Promise.all([findOrders(visit, idsAsked(visit)), offeredServices(visit)]);
    const lines = orders.flatMap((order) => lineOf(order, services) ?? []);
    const field = fieldOf(lines.length, orders.length);
    const copy = (of: string) => (
      <button type="button" class="plain" data-needs-script data-copies={of}>
        Copy
      </button>
    );
    const body = (
      <>
        <ManyHeading text="Copy orders" visit={visit} />
        {orders.length === 0 ? (
          <NoneSelected />
        ) : (
          <PostForm token={visit.formToken} class="stack" action="/app/mass">
            <input type="hidden" name="key" value={randomUUID()} />
            <Field {...field}>
              <textarea {...inputOf(field)} rows={10} spellcheck={false}>
                {lines.join('\n')}
              </textarea>
            </Field>
            <div class="actions">
              {copy('#lines')}
              <button type="submit" name="do" value="check">
                Check as a mass order
              </button>
            </div>
            <Field {...IDS}>
              <textarea {...inputOf(IDS)} rows={3} readonly>
                {orders.map(({ id }) => id).join(', ')}
              </textarea>
            </Field>
            {copy('#ids')}
          </PostForm>
        )}
      </>
    );
    return { title: 'Copy orders', body };
  },
};
