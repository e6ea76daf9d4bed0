import { type Evidence, groupedBy } from './evidence.ts';
import { counted, type Figure, never } from './figure.ts';

/** Every acknowledged order must exist, once; no refused order may exist; a repeated request must find the same order. */
export function judgeOrders({ told, orders }: Evidence): Figure[] {
  const byLink = groupedBy(orders, ({ link }) => link);
  const byId = new Map(orders.map((order) => [order.id, order]));
  const acknowledged = told.filter(({ ids }) => ids.length > 0);
  const refused = told.filter(({ ids, refusal }) => ids.length === 0 && refusal !== undefined);
  const unknown = told.filter(({ ids, refusal }) => ids.length === 0 && refusal === undefined);
  const links = new Set(told.map(({ wish }) => wish.link));
  return [
    counted('orders wanted', told.length),
    counted('orders acknowledged', acknowledged.length),
    counted(
      'requests without an answer, or 503, that were repeated',
      told.reduce((sum, one) => sum + one.unanswered, 0),
    ),
    counted(
      'requests repeated after an order was known',
      acknowledged.reduce((sum, { ids }) => sum + ids.length - 1, 0),
    ),
    counted('orders refused', refused.length),
    counted('panel API v2 without an answer', unknown.filter(({ wish }) => wish.channel === 'v2').length),
    never(
      'acknowledged orders lost',
      acknowledged
        .filter(({ wish, ids }) => byId.get(ids[0] ?? 0)?.link !== wish.link)
        .map(({ wish, ids }) => `${wish.name}: order ${ids[0]}`),
    ),
    never(
      'repeated requests that found another order',
      acknowledged.filter(({ ids }) => new Set(ids).size > 1).map(({ wish, ids }) => `${wish.name}: ${ids.join(', ')}`),
    ),
    never(
      'requests that became more than one order',
      [...byLink].filter(([, same]) => same.length > 1).map(([link, same]) => `${link}: ${same.map(({ id }) => id)}`),
    ),
    never(
      'refused requests that became an order',
      refused.filter(({ wish }) => byLink.has(wish.link)).map(({ wish, refusal }) => `${wish.name}: ${refusal}`),
    ),
    never(
      'repeatable requests without an answer in the end',
      unknown.filter(({ wish }) => wish.channel !== 'v2').map(({ wish }) => wish.name),
    ),
    never(
      'orders that nobody asked for',
      orders.filter(({ link }) => !links.has(link)).map(({ id }) => `order ${id}`),
    ),
  ];
}
