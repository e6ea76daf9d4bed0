import type { Evidence } from './evidence.ts';
import { counted, type Figure, never } from './figure.ts';

/** An accepted cancel or refill must take effect; a refused one must have a reason. */
export async function judgeAsks({ sql, shop, told, orders }: Evidence): Promise<Figure[]> {
  const byLink = new Map(orders.map((order) => [order.link, order]));
  const refills = await sql<{ id: number; order: number; stage: string }[]>`
    select r.id::float8 as id, r.order_id::float8 as "order", r.stage from refills r join orders o on o.id = r.order_id
      where o.account_id = ${shop.account}`;
  const refillOf = new Map(refills.map((refill) => [refill.id, refill]));
  const asked = told.flatMap(({ wish, asked: one }) => (one === undefined ? [] : [{ ...one, wish }]));
  const taken = (what: string) => asked.filter((one) => one.what === what && one.outcome === 'taken');
  const refused = asked.filter(({ outcome }) => outcome === 'refused');
  const because = ['order_ended', 'not_possible', 'refill_unavailable'];
  return [
    counted('cancels taken', taken('cancel').length),
    counted('refills taken', taken('refill').length),
    counted('cancels and refills refused with a reason', refused.length),
    never(
      'cancels taken that had no effect',
      taken('cancel')
        .filter(({ wish }) => byLink.get(wish.link)?.canceledBy == null)
        .map(({ wish }) => wish.name),
    ),
    never(
      'refills taken that do not exist, or neither ended nor wait for a person',
      taken('refill').flatMap(({ wish, refill }) => {
        const found = refillOf.get(refill ?? 0);
        const isRight = found !== undefined && found.order === byLink.get(wish.link)?.id;
        return isRight && (found.stage === 'ended' || found.stage === 'review')
          ? []
          : [`${wish.name}: refill ${refill}`];
      }),
    ),
    never(
      'orders with more refills than were asked for',
      refills.filter(({ id }) => !asked.some(({ refill }) => refill === id)).map(({ id }) => `refill ${id}`),
    ),
    never(
      'cancels and refills without an answer, or refused for no good reason',
      asked
        .filter(
          ({ outcome, code, why }) =>
            outcome === 'none' || (outcome === 'refused' && (!because.includes(code ?? '') || !why)),
        )
        .map(({ wish, what, code }) => `${what} of ${wish.name}: ${code ?? 'no answer'}`),
    ),
  ];
}
