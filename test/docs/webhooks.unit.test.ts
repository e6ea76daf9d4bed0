import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { expect, test } from 'vitest';
import type { BatchRow, OrderRow } from '../../db/order/orders.ts';
import { orderView } from '../../db/order/view.ts';
import { LIMITS } from '../../domain/limits.ts';
import { RETRY_SECONDS, WEBHOOK_EVENTS } from '../../domain/webhook/webhooks.ts';
import { newSecret, readSecret, signWith } from '../../net/signature.ts';

const page = await readFile(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');

test('the example in docs/webhooks.md tells what we signed from what we did not', async () => {
  const [, code = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-docs-'));
  const file = join(folder, 'example.mts');
  await writeFile(file, code);
  type Example = { isGenuine(secret: string, headers: Record<string, string>, body: Buffer): boolean };
  const { isGenuine } = (await tsImport(pathToFileURL(file).href, import.meta.url)) as Example;
  await rm(folder, { recursive: true });

  const [secret, old, body] = [newSecret(), newSecret(), Buffer.from('{"type":"order.completed"}')];
  const secrets = [secret, old].map((text) => readSecret(text) ?? Buffer.alloc(0));
  const at = (seconds: number) => {
    const message = { id: 'evt_1', timestamp: String(Math.floor(Date.now() / 1_000) + seconds), body };
    const { id, timestamp } = message;
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signWith(secrets, message) };
  };
  expect([isGenuine(secret, at(0), body), isGenuine(old, at(0), body)]).toEqual([true, true]);
  expect(isGenuine(newSecret(), at(0), body)).toBe(false);
  expect(isGenuine(secret, at(0), Buffer.from('{"type":"order.canceled"}'))).toBe(false);
  expect(isGenuine(secret, { ...at(0), 'webhook-id': 'evt_2' }, body)).toBe(false);
  expect(isGenuine(secret, at(-400), body)).toBe(false);
  expect(isGenuine(secret, {}, body)).toBe(false);
});

test('docs/webhooks.md names every type of event, and no other', () => {
  const named = [...page.matchAll(/^\| ((?:order|refill)\.\w+)/gm)].map(([, type]) => type);
  expect(named).toEqual([...WEBHOOK_EVENTS]);
  expect(RETRY_SECONDS).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
});

test('the largest order there can be fits in the 20 kB of a message', () => {
  const now = new Date();
  const order: OrderRow = {
    id: 999_999_999_999_999,
    status: 'In progress',
    attention: 'uncertain',
    service: 2_147_483_647,
    link: `https://example.com/${'é'.repeat(LIMITS.link)}`.slice(0, LIMITS.link),
    quantity: LIMITS.quantity,
    runs: LIMITS.runs,
    totalQuantity: LIMITS.quantity * LIMITS.runs,
    price: 9n * 10n ** 18n,
    charge: 9n * 10n ** 18n,
    refunded: 9n * 10n ** 18n,
    delivered: LIMITS.quantity * LIMITS.runs,
    startCount: Number.MAX_SAFE_INTEGER,
    reason: 'overloaded',
    createdAt: now,
    scheduledAt: now,
    startedAt: now,
    settledAt: now,
    completedAt: now,
    intervalMinutes: LIMITS.intervalMinutes,
    nextRunAt: now,
    refillUntil: now,
    reference: '漢'.repeat(LIMITS.reference),
    metadata: {},
    reorderOf: Number.MAX_SAFE_INTEGER,
    subscription: null,
    version: 2_147_483_647,
  };
  const batch: BatchRow = {
    order: order.id,
    batch: LIMITS.runs,
    quantity: LIMITS.quantity,
    state: 'running',
    delivered: LIMITS.quantity,
    startedAt: now,
    isInFlight: false,
    stop: null,
  };
  const view = orderView(order, Array<BatchRow>(LIMITS.batchesShown).fill(batch), 'USDTX', now);
  expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(19_500);
});
