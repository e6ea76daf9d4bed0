import type { CurrentOrder } from '../../../../client/openapi.ts';
import { isServiceType, ruleOf } from '../../../../domain/catalogue/service-types.ts';

type Ordered = Pick<
  CurrentOrder,
  | 'id'
  | 'service'
  | 'link'
  | 'quantity'
  | 'runs'
  | 'intervalMinutes'
  | 'scheduledAt'
  | 'reference'
  | 'metadata'
  | 'fields'
>;

/** The body that orders the same. A service that follows a user name takes no link: its name is among the fields. */
function bodyOf(order: Ordered, type: string) {
  const { service, link, quantity, runs, intervalMinutes, scheduledAt, reference, metadata, fields } = order;
  const takesLink = !isServiceType(type) || ruleOf(type).target === 'link';
  return {
    service,
    ...(takesLink ? { link } : {}),
    quantity,
    ...(runs > 1 ? { dripFeed: { runs, intervalMinutes: intervalMinutes ?? 1 } } : {}),
    ...(scheduledAt === null ? {} : { scheduledAt }),
    ...(reference === null ? {} : { reference }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...fields,
  };
}

/** A text as one word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Commands that read this order, and that place the same order again; the key is read from a variable. `type`: of its service. */
export function curlOf(apiUrl: string, order: Ordered, type: string): string {
  const { id } = order;
  const body = JSON.stringify(bodyOf(order, type));
  return [
    `curl -sS ${quoted(`${apiUrl}/v1/orders/${id}`)} -H "Authorization: Bearer $HOLDFAST_KEY"`,
    '',
    `curl -sS ${quoted(`${apiUrl}/v1/orders`)} -H "Authorization: Bearer $HOLDFAST_KEY" \\`,
    `  -H "Idempotency-Key: again-${id}" -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(body)}`,
  ].join('\n');
}
