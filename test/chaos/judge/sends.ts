import { type AttemptRow, type Evidence, groupedBy } from './evidence.ts';
import { counted, type Figure, never } from './figure.ts';

const nameOf = ({ order, batch, attempt }: AttemptRow): string => `order ${order}, batch ${batch}, attempt ${attempt}`;

/**
 * Each order that the provider accepted must belong to one confirmed attempt, or may belong to one that is shown as uncertain.
 */
export async function judgeSends(evidence: Evidence): Promise<Figure[]> {
  const { orders, attempts, providerOrders } = evidence;
  const linkOf = new Map(orders.map(({ id, link }) => [id, link]));
  const confirmed = attempts.filter(({ state }) => state === 'accepted');
  const unknown = attempts.filter(({ state }) => state === 'unknown');
  const byProviderOrder = groupedBy(confirmed, ({ providerOrder }) => providerOrder);
  const byBatch = groupedBy(confirmed, ({ order, batch }) => `order ${order}, batch ${batch}`);
  const unconfirmed = groupedBy(
    attempts.filter(({ state }) => state === 'unknown' || state === 'released'),
    ({ order }) => linkOf.get(order),
  );
  const there = new Map(providerOrders.map((one) => [String(one.order), one]));
  const loose = groupedBy(
    providerOrders.filter(({ order }) => !byProviderOrder.has(String(order))),
    ({ link }) => link,
  );
  return [
    counted("orders in the provider's books", providerOrders.length),
    counted('attempts confirmed', confirmed.length),
    counted('attempts uncertain', unknown.length),
    counted(
      'of these, the provider has',
      [...loose.values()].reduce((sum, { length }) => sum + length, 0),
    ),
    never('double sends among confirmed attempts', [
      ...[...byBatch].filter(([, same]) => same.length > 1).map(([batch]) => batch),
      ...[...byProviderOrder].filter(([, same]) => same.length > 1).map(([id]) => `order ${id} of the provider`),
    ]),
    never(
      'confirmed attempts that the provider does not know',
      confirmed
        .filter(({ order, providerOrder }) => there.get(providerOrder ?? '')?.link !== linkOf.get(order))
        .map(nameOf),
    ),
    never(
      'orders of the provider that no attempt accounts for',
      [...loose].filter(([link, { length }]) => length > (unconfirmed.get(link)?.length ?? 0)).map(([link]) => link),
    ),
    never(
      'attempts whose outcome nobody has decided, nor called uncertain',
      attempts.filter(({ state }) => state === 'sending' || state === 'intent').map(nameOf),
    ),
    ...(await judgeUncertain(evidence, unknown)),
  ];
}

/** Every uncertain attempt must be in the list of reviews, and no other order may be called uncertain there. */
async function judgeUncertain({ staff, orders, shop }: Evidence, unknown: readonly AttemptRow[]): Promise<Figure[]> {
  const shown = new Set<number>();
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await staff.ask(`/v1/admin/reviews?attention=uncertain&limit=100${query}`);
    if (answer?.status !== 200) throw new Error(`failed to read the list of reviews: ${JSON.stringify(answer)}`);
    const page = answer.body as { data: { order: number; account: number }[]; nextCursor?: string | null };
    for (const { order, account } of page.data) if (account === shop.account) shown.add(order);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const marked = new Set(orders.filter(({ attention }) => attention === 'uncertain').map(({ id }) => id));
  const uncertain = new Set(unknown.map(({ order }) => order));
  return [
    counted('uncertain orders that staff are shown', shown.size),
    never(
      'uncertain attempts that nobody is shown',
      unknown.filter(({ order }) => !shown.has(order) || !marked.has(order)).map(nameOf),
    ),
    never(
      'orders called uncertain without a reason',
      [...shown].filter((order) => !uncertain.has(order)).map((order) => `order ${order}`),
    ),
  ];
}
