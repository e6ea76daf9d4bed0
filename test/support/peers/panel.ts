import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Returned by `onRefillStatus` for a refill that makes the provider refuse the whole call. */
export const SPOILS = Symbol('spoils');

export type PanelCall = Readonly<Record<string, string>>;

/** A provider whose answers a test scripts. It records every call. */
export interface ScriptedPanel {
  readonly url: string;
  /** Every call's fields. */
  readonly calls: PanelCall[];
  /** Every call's headers. */
  readonly headers: IncomingHttpHeaders[];
  /** The answer to `add`, or a promise of it; by default a new order each time. */
  onAdd: (call: PanelCall, number: number) => unknown;
  /** The row of one order in the answer to `status`, or a promise of it. */
  onStatus: (providerOrder: string) => unknown;
  /** The answer to `cancel`, or a promise of it; by default the order is stopped. */
  onCancel: (call: PanelCall) => unknown;
  /** The value for one order in the answer to `refill`, or a promise of it; by default a new refill each time. */
  onRefill: (providerOrder: string) => unknown;
  /** The status of one refill in the answer to `refill_status`. */
  onRefillStatus: (refill: string) => unknown;
  /** The answer to `services`; by default an empty list. */
  onServices: () => unknown;
  onBalance: () => unknown;
  /** The answer to `orders` from this offset; by default an error. */
  onList: (offset: number) => unknown;
  adds(): PanelCall[];
  close(): Promise<void>;
}

export async function scriptedPanel(): Promise<ScriptedPanel> {
  const calls: PanelCall[] = [];
  const headers: IncomingHttpHeaders[] = [];
  let [orders, refills] = [0, 0];
  const server = createServer(async (request, response) => {
    const call = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
    calls.push(call);
    headers.push(request.headers);
    const answers: Readonly<Record<string, () => unknown>> = {
      add: () => panel.onAdd(call, ++orders),
      cancel: () => panel.onCancel(call),
      refill: async () => {
        const ids = (call.orders ?? call.order ?? '').split(',');
        const rows = await Promise.all(
          ids.map(async (id) => ({ order: Number(id), refill: await panel.onRefill(id) })),
        );
        return call.orders === undefined ? { refill: rows[0]?.refill } : rows;
      },
      refill_status: () => {
        const rows = (call.refills ?? '')
          .split(',')
          .map((id) => ({ refill: Number(id), status: panel.onRefillStatus(id) }));
        return rows.some(({ status }) => status === SPOILS) ? { error: 'Refill not found' } : rows;
      },
      services: () => panel.onServices(),
      balance: () => panel.onBalance(),
      orders: () => panel.onList(Number(call.offset)),
      status: async () => {
        const rows = (call.orders ?? '').split(',').map(async (id) => [id, await panel.onStatus(id)]);
        return Object.fromEntries(await Promise.all(rows));
      },
    };
    // A promise that never resolves makes the provider hang.
    const answer = (await answers[call.action ?? '']?.()) ?? { error: 'Incorrect request' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const panel: ScriptedPanel = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`,
    calls,
    headers,
    onAdd: (_, number) => ({ order: 5000 + number }),
    onStatus: () => ({ status: 'In progress', remains: '1000', charge: '0.1', start_count: '10' }),
    onCancel: ({ orders: id }) => [{ order: Number(id), cancel: 1 }],
    onRefill: () => 70_000 + ++refills,
    onRefillStatus: () => 'In progress',
    onServices: () => [],
    onBalance: () => ({ balance: '100', currency: 'USD' }),
    onList: () => ({ error: 'Incorrect request' }),
    adds: () => calls.filter(({ action }) => action === 'add'),
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return panel;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
