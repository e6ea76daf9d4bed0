import type { Command } from 'commander';
import type { Host } from '../command/host.ts';
import { readInput } from '../command/input.ts';
import { runs, type Session } from '../command/invocation.ts';
import { count, id, ORDER, orderOf, pair } from '../command/values.ts';
import { orderBody, type PlaceOptions } from './body.ts';
import { messageLine, orderLine, orderText } from './format.ts';

const withReason = ({ reason }: { readonly reason?: string }) => (reason === undefined ? {} : { body: { reason } });

/** `holdfast order …`: all over REST v1, with the customer's key. */
export function addOrderCommands(program: Command, session: Session): void {
  const orders = program.command('order').description('place and follow orders');
  addPlace(orders, session);

  const get = orders
    .command('get')
    .argument(...ORDER)
    .description('show an order as it is now');
  runs(get, session, { changes: false }, async (invocation) => {
    const params = { path: { id: orderOf(invocation.args) } };
    const order = await (await invocation.client('customer')).GET('/v1/orders/{id}', { params });
    return { json: order, text: orderText(order) };
  });

  const watch = orders
    .command('watch')
    .argument(...ORDER)
    .description('follow an order to its end, a line for each message (JSON lines with --json)')
    .option('--after <event>', 'only events after the one with this id', count);
  runs<{ readonly after?: number }>(watch, session, { changes: false }, async (invocation) => {
    const { options, line } = invocation;
    const order = orderOf(invocation.args);
    const client = await invocation.client('customer');
    const after = options.after === undefined ? {} : { after: String(options.after) };
    for await (const message of client.events(order, after)) line(message, messageLine(message));
    return undefined;
  });

  const cancel = orders
    .command('cancel')
    .argument(...ORDER)
    .description('cancel an order: at once before it is sent, else its provider is asked')
    .option('--reason <text>', 'why, as the timeline shows it');
  runs<{ readonly reason?: string }>(cancel, session, { changes: true }, async (invocation) => {
    const params = { path: { id: orderOf(invocation.args) } };
    const input = { params, ...withReason(invocation.options), idempotencyKey: invocation.key };
    const accepted = await (await invocation.client('customer')).POST('/v1/orders/{id}/cancel', input);
    return { json: accepted, text: `order ${accepted.id}: ${accepted.message}\n` };
  });

  const refill = orders
    .command('refill')
    .argument(...ORDER)
    .description('ask for a refill of a Completed order')
    .option('--reason <text>', 'why, as the timeline shows it');
  runs<{ readonly reason?: string }>(refill, session, { changes: true }, async (invocation) => {
    const params = { path: { id: orderOf(invocation.args) } };
    const input = { params, ...withReason(invocation.options), idempotencyKey: invocation.key };
    const made = await (await invocation.client('customer')).POST('/v1/orders/{id}/refills', input);
    return { json: made, text: `order ${made.order}: refill ${made.id} is ${made.status}\n` };
  });
}

interface Files {
  readonly fieldFile?: Readonly<Record<string, string>>;
}

/** The texts of the files of `--field-file`, by their fields. */
async function textsOf(host: Host, { fieldFile = {} }: Files): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, file] of Object.entries(fieldFile)) texts[name] = await readInput(host, file);
  return texts;
}

function addPlace(orders: Command, session: Session): void {
  const place = orders
    .command('place')
    .description('place an order')
    .requiredOption('--service <id>', 'the service', id)
    .option('--link <link>', 'the target')
    .option('--quantity <n>', 'the quantity of each run', count)
    .option('--runs <n>', 'runs of a drip-feed', id)
    .option('--interval <minutes>', 'minutes between two runs', id)
    .option('--at <time>', 'when to start, in RFC 3339')
    .option('--reference <text>', 'your own name for the order')
    .option('--max-charge <amount>', 'refuse the order when its price is above this')
    .option('--field <name=value>', "a field of the service's type, as comments=…; can be repeated", pair)
    .option('--field-file <name=file>', 'the same with the text of a file, or of - for standard input', pair)
    .option('--metadata <name=value>', 'a key of your own, shown with the order; can be repeated', pair);
  const kind = { changes: true, printsKey: true };
  runs<PlaceOptions & Files>(place, session, kind, async ({ host, options, key, client }) => {
    const body = orderBody({ ...options, field: { ...options.field, ...(await textsOf(host, options)) } });
    const order = await (await client('customer')).POST('/v1/orders', { body, idempotencyKey: key });
    return { json: order, text: `${orderLine(order)}  price ${order.price} ${order.currency}\n` };
  });
}
