import { expect, vi } from 'vitest';
import { openReceiver } from '../peers/receiver.ts';
import { type ApiWorld, apiWorld } from '../worlds/api-world.ts';
import { archivedOrders } from '../worlds/archive.ts';
import { addService } from '../worlds/shop.ts';
import { withIds } from './shown-pages.ts';
import { furnishDesk } from './showroom-desk.ts';
import { furnishPast, furnishRequests, openNeighbours } from './showroom-past.ts';

/** A world with something to see on every page. */
export interface Showroom extends ApiWorld {
  /** The address of a page whose path names objects, like `/app/orders/:order`. */
  address(path: string): string;
}

const LISTED_LINES = 120;
const PATIENT = { timeout: 30_000, interval: 100 };
const DAY_MS = 86_400_000;

interface Wanted {
  readonly service: number;
  readonly sim?: string;
  readonly quantity?: number;
  readonly more?: object;
}

/** Opens a showroom: eight days of orders, services of several kinds, orders in every state, a list, a webhook, and what staff see. */
export async function openShowroom(): Promise<Showroom> {
  const opened = await apiWorld({
    staffName: 'night shift',
    service: { name: 'Instagram followers, refill 30 days', category: 'Instagram', refill_days: 30 },
  });
  const receiver = await openReceiver();
  const close = async () => {
    await opened.close();
    await receiver.close();
  };
  try {
    const ids = await furnish(opened, `${receiver.url}/hook`);
    const address = (path: string) => opened.api.url + withIds(path, ids);
    return { ...opened, address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Fills the world. Returns the ids of its objects, by what they are. */
async function furnish(opened: ApiWorld, hook: string): Promise<Readonly<Record<string, number>>> {
  const { world, api, shop, key } = opened;
  const { sql } = world;
  const second = await openNeighbours(opened);
  const sell = (columns: Parameters<typeof addService>[2]) => addService(sql, shop.providers, columns);
  const likes = await sell({ name: 'Instagram likes', category: 'Instagram', rate: 25_000 });
  const views = await sell({ name: 'TikTok views, drip-feed', category: 'TikTok', rate: 4_000 });
  const members = await sell({ name: 'Telegram members', category: 'Telegram', rate: 120_000, stall_after_seconds: 1 });
  await furnishPast(opened, second, [shop.service, likes]);
  await furnishRequests(sql, shop.account);

  const call = async (path: string, body: unknown, idempotencyKey: string): Promise<number> => {
    const answer = await api.v1(path, { key, body, idempotencyKey });
    expect([answer.body.code, answer.status < 300]).toEqual([undefined, true]);
    return Number(answer.body.id);
  };
  let placed = 0;
  const place = ({ service, sim, quantity = 1_000, more = {} }: Wanted): Promise<number> => {
    placed += 1;
    const link = `https://example.com/a-rather-long-profile-name/${placed}${sim === undefined ? '' : `?sim=${sim}`}`;
    return call('/v1/orders', { service, link, quantity, ...more }, link);
  };
  const reads = (path: string, expected: object) =>
    vi.waitFor(async () => expect((await api.v1(path, { key })).body).toMatchObject(expected), PATIENT);
  const becomes = (id: number, expected: object) => reads(`/v1/orders/${id}`, expected);
  const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

  const [order = 0] = await archivedOrders(sql, shop, { orders: 4, points: 40, placedDaysAgo: 2, settledDaysAgo: 1 });
  const webhook = await call('/v1/webhooks', { url: hook }, 'a webhook');
  const line = (n: number) => (n < 3 ? `${likes}|https://example.com/list/${n}?sim=seconds:1|100` : 'likes, please');
  const lines = Array.from({ length: LISTED_LINES }, (_, n) => line(n));
  const list = await call('/v1/orders/batch', { lines }, 'a list');
  const refilled = await place({ service: shop.service, sim: 'seconds:1,onrefill:3600' });
  const partial = await place({ service: likes, sim: 'seconds:1,partial:640' });
  const running = await place({ service: shop.service, sim: 'stall:430,speed:2000', quantity: 1_000 });
  const stalled = await place({ service: members, sim: 'stall:120,speed:1000', quantity: 500 });
  const decided = await place({ service: members, sim: 'stall:180,speed:1000', quantity: 300 });
  const uncertain = await place({ service: likes, sim: 'fault:accept-drop' });
  const dripFeed = await place({
    ...{ service: views, sim: 'seconds:1', quantity: 500 },
    more: { dripFeed: { runs: 6, intervalMinutes: 60 }, reference: 'campaign 7' },
  });
  await place({ service: likes, more: { scheduledAt: inDays(1) } });
  const canceled = await place({ service: likes, more: { scheduledAt: inDays(2) } });
  await call(`/v1/orders/${canceled}/cancel`, { reason: 'wrong post' }, 'a cancel');

  await becomes(refilled, { status: 'Completed' });
  await call(`/v1/orders/${refilled}/refills`, {}, 'a refill');
  await becomes(partial, { status: 'Partial' });
  await becomes(running, { delivered: 430 });
  await becomes(stalled, { attention: 'stalled' });
  await becomes(decided, { attention: 'stalled' });
  await becomes(uncertain, { attention: 'uncertain' });
  await becomes(dripFeed, { delivered: 500 });
  await becomes(canceled, { status: 'Canceled' });
  await reads(`/v1/orders/batch/${list}`, { status: 'ended' });

  const desk = await furnishDesk(opened, second, { stalled, decided, ended: partial });
  return { order, dripFeed, service: shop.service, webhook, list, running, stalled, uncertain, ...desk };
}
