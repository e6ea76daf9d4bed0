import { Argument, type Command, Option } from 'commander';
import type { Review } from '../../client/index.ts';
import { ATTENTIONS } from '../../domain/order/status.ts';
import { RESOLUTIONS } from '../../domain/review/resolution.ts';
import { runs, type Session } from '../command/invocation.ts';
import { table } from '../command/terminal.ts';
import { count, id, ORDER, orderOf, positive } from '../command/values.ts';
import { type ResolveOptions, resolutionBody } from './resolution.ts';

interface ListOptions {
  readonly attention?: Exclude<Review['attention'], 'none'>;
  readonly provider?: number;
  readonly service?: number;
  readonly limit: number;
}

/** `holdfast review …`: with a staff key. */
export function addReviewCommands(program: Command, session: Session): void {
  const review = program.command('review').description('orders that wait for a person, with a staff key');

  const attentions = ATTENTIONS.filter((one) => one !== 'none');
  const list = review
    .command('list')
    .description('orders that wait for a person, oldest first, with the actions that resolve takes')
    .addOption(new Option('--attention <kind>', 'only of this kind').choices(attentions))
    .option('--provider <id>', 'only orders that this provider has, or may have', id)
    .option('--service <id>', 'only orders of this service', id)
    .option('--limit <n>', 'rows at most', id, 100);
  runs<ListOptions>(list, session, { changes: false }, async ({ host, options, client }) => {
    const { attention, provider, service, limit } = options;
    const query = {
      ...(attention === undefined ? {} : { attention }),
      ...(provider === undefined ? {} : { provider }),
      ...(service === undefined ? {} : { service }),
      limit: Math.min(limit + 1, 100),
    };
    const rows: Review[] = [];
    for await (const row of (await client('staff')).each('/v1/admin/reviews', { params: { query } })) {
      rows.push(row);
      if (rows.length > limit) break;
    }
    if (rows.length > limit) host.err(`more orders wait: the first ${limit} are shown (--limit)\n`);
    const shown = rows.slice(0, limit);
    return { json: shown, text: reviewsText(shown) };
  });

  const resolve = review
    .command('resolve')
    .description('decide about an order that waits for a person')
    .argument(...ORDER)
    .addArgument(new Argument('<action>', 'the decision').choices(RESOLUTIONS))
    .option('--hours <n>', 'extend: how long the order may go on', positive)
    .option('--delivered <n>', 'partial: items that count as delivered', count)
    .option('--provider-order <id>', "attach: the order's id at the provider")
    .option('--batch <n>', 'attach, notPlaced, cancel: which uncertain batch, when there are several', id)
    .option('--reason <text>', 'why, as the timeline and the audit log show it');
  runs<ResolveOptions>(resolve, session, { changes: true }, async ({ args, options, key, client }) => {
    const params = { path: { id: orderOf(args) } };
    const body = resolutionBody(args[1] ?? '', options);
    const input = { params, body, idempotencyKey: key };
    const accepted = await (await client('staff')).POST('/v1/admin/orders/{id}/resolve', input);
    return { json: accepted, text: `order ${accepted.id}: ${accepted.message}\n` };
  });
}

/** A row for each order; a sentence when there is none. */
export function reviewsText(reviews: readonly Review[]): string {
  if (reviews.length === 0) return 'no order waits for a person\n';
  const rows = reviews.map(({ order, attention, since, held, currency, delivered, totalQuantity, actions, why }) => [
    String(order),
    attention,
    since ?? '',
    `${delivered}/${totalQuantity}`,
    `${held} ${currency}`,
    actions.join(','),
    why ?? '',
  ]);
  return table([['order', 'attention', 'since', 'delivered', 'held', 'actions', 'why'], ...rows]);
}
