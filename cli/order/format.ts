import type { Order, OrderMessage } from '../../client/index.ts';
import { plain } from '../command/terminal.ts';

/** Its state in one line: `order 10001  In progress  40 %  400/1000  [stalled]`. */
export function orderLine({ id, status, percent, delivered, totalQuantity, attention }: Order): string {
  const mark = attention === 'none' ? '' : `  [${attention}]`;
  return `order ${id}  ${status}  ${percent} %  ${delivered}/${totalQuantity}${mark}`;
}

/** What a person wants to know of an order, a line each; a part that says nothing is left out. */
export function orderText(order: Order): string {
  const { currency, price, charge, refunded } = order;
  const rows: readonly (readonly [string, string | number | null])[] = [
    ['service', order.service],
    ['link', order.link],
    ['quantity', order.runs > 1 ? `${order.quantity} × ${order.runs} runs` : order.quantity],
    ['price', `${price} ${currency}`],
    ['charged', order.settledAt === null ? null : `${charge} ${currency}, refunded ${refunded} ${currency}`],
    ['reason', order.reason],
    ['reference', order.reference],
    ['placed', order.createdAt],
    ['starts', order.startedAt === null ? order.scheduledAt : null],
    ['started', order.startedAt],
    ['next run', order.nextRunAt],
    ['settled', order.settledAt],
    ['refill until', order.refillUntil],
  ];
  const shown = rows.filter(([, value]) => value !== null && value !== '');
  const lines = shown.map(([name, value]) => `  ${name.padEnd(12)}  ${plain(String(value))}`);
  return `${orderLine(order)}\n${lines.join('\n')}\n`;
}

/** A message of an order's stream in one line. */
export function messageLine(message: OrderMessage): string {
  if (message.type === 'progress') {
    const { status, percent, delivered, remains, attention } = message.progress;
    const mark = attention === 'none' ? '' : `  [${attention}]`;
    return `${status}  ${percent} %  ${delivered} delivered, ${remains} to go${mark}`;
  }
  const { at, type, by, data } = message.event;
  const details = Object.entries(data).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return plain(`${at}  ${type} by ${by}${details.length === 0 ? '' : `: ${details.join(', ')}`}`);
}
