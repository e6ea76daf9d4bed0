import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RETRY_SECONDS } from '../../domain/webhook/webhooks.ts';
import { createMailer } from '../../net/mailer.ts';
import { deliveryWorkflowId } from '../../workflows/contract.ts';
import { type Mailbox, openMailbox } from '../support/peers/mailbox.ts';
import { isSignedBy, openReceiver, type Receiver } from '../support/peers/receiver.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';
import { type SkippingWorld, skippingWorld } from '../support/worlds/timeskip.ts';
import { type Customer, customerOf } from '../support/worlds/webhooks.ts';

const HOUR = 3_600_000;
const soon = { timeout: 20_000, interval: 20 };

describe('a receiver of webhooks', () => {
  let world: SkippingWorld;
  let api: ServedApi;
  let receiver: Receiver;
  let shop: Shop;
  let customer: Customer;

  let mailbox: Mailbox;

  beforeAll(async () => {
    mailbox = await openMailbox();
    world = await skippingWorld({ mailer: createMailer({ url: mailbox.url, from: 'orders@panel.example' }) });
    api = await serveApi({ ...world, temporal: world.env.client, mail: true });
  });
  afterAll(async () => {
    await api.close();
    await world.close();
    await mailbox.close();
  });
  beforeEach(async () => {
    receiver = await openReceiver();
    shop = await openShop(world.sql);
    customer = await customerOf(world.sql, api, shop.account);
  });
  afterEach(() => receiver.close());

  const down = (status = 503) => {
    receiver.answer = (response) => void response.writeHead(status).end();
  };
  const states = async (webhook: number) => (await customer.log(webhook)).map(({ state }) => state);
  /** Waits until all retries that are due now have run. */
  const attemptsAre = (webhook: number, attempts: number) =>
    expect
      .poll(async () => (await customer.log(webhook)).map((one) => one.attempts), soon)
      .toEqual(expect.arrayContaining([attempts]));

  it('that is down for two days gets every event once it is back, each once per id', async () => {
    down();
    const { id, secret } = await customer.webhook({ url: receiver.url });
    const orders: number[] = [];
    for (let order = 0; order < 5; order += 1) orders.push(await shop.order());
    await world.sendEvents();
    expect(await states(id)).toEqual(Array(5).fill('retrying'));
    await world.env.sleep(24 * HOUR);
    // Events of the second day fail too.
    for (let order = 0; order < 3; order += 1) orders.push(await shop.order());
    await world.sendEvents();
    await world.env.sleep(24 * HOUR);
    await attemptsAre(id, 8);
    expect(await states(id)).toEqual(Array(8).fill('retrying'));

    const failed = receiver.heard.length;
    receiver.answer = (response) => void response.writeHead(200).end();
    await world.env.sleep(28 * HOUR);
    await expect.poll(() => states(id), soon).toEqual(Array(8).fill('delivered'));
    expect(receiver.heard).toHaveLength(failed + 8);
    expect(new Set(receiver.ids()).size).toBe(8);
    const back = receiver.heard.slice(failed);
    expect(back.map(({ body }) => (body.data.order as { id: number }).id).sort()).toEqual(orders.sort());
    expect(back.every((one) => isSignedBy(secret, one))).toBe(true);
    // The same ids as before, and a new timestamp for each attempt.
    expect(new Set(receiver.heard.map((one) => one.id))).toEqual(new Set(receiver.ids()));
  });

  it('that stays down has the event in its log, failed, and can ask for it again', async () => {
    down(500);
    const { id } = await customer.webhook({ url: receiver.url });
    await shop.order();
    await world.sendEvents();
    await world.env.sleep(100 * HOUR);
    const attempts = RETRY_SECONDS.length + 1;
    await expect
      .poll(() => customer.log(id), soon)
      .toMatchObject([{ state: 'failed', attempts, lastStatus: 500, nextAttemptAt: null, deliveredAt: null }]);
    expect(receiver.heard).toHaveLength(attempts);
    const [{ event } = { event: '' }] = await customer.log(id);
    const round = { event: Number(String(event).slice(4)), endpoint: id, round: 1 };
    const { events } = await world.env.client.workflow.getHandle(deliveryWorkflowId(round)).fetchHistory();
    expect(events?.length).toBeLessThan(120);

    receiver.answer = (response) => void response.writeHead(200).end();
    await customer.ask(`/${id}/replay`, { event });
    await world.sendEvents();
    expect(await customer.log(id)).toMatchObject([{ event, state: 'delivered', attempts: attempts + 1 }]);
    expect(new Set(receiver.heard.map((one) => one.id))).toEqual(new Set([event]));
  });

  it('that asks to be left alone for a day is left alone for a day', async () => {
    receiver.answer = (response) => void response.writeHead(429, { 'retry-after': '86400' }).end();
    const { id } = await customer.webhook({ url: receiver.url });
    await shop.order();
    await world.sendEvents();
    await world.env.sleep(23 * HOUR);
    expect(receiver.heard).toHaveLength(1);
    receiver.answer = (response) => void response.writeHead(200).end();
    await world.env.sleep(2 * HOUR);
    await expect.poll(() => states(id), soon).toEqual(['delivered']);
    expect(receiver.heard).toHaveLength(2);
  });

  it('that is deleted meanwhile hears nothing more', async () => {
    down();
    const { id } = await customer.webhook({ url: receiver.url });
    await shop.order();
    await world.sendEvents();
    const [{ event } = { event: '' }] = await customer.log(id);
    await customer.change(`/${id}`, 'DELETE');
    await world.env.sleep(HOUR);
    const round = { event: Number(String(event).slice(4)), endpoint: id, round: 1 };
    const handle = world.env.client.workflow.getHandle(deliveryWorkflowId(round));
    await expect.poll(async () => (await handle.describe()).status.name, soon).toBe('COMPLETED');
    expect(receiver.heard).toHaveLength(1);
  });

  it('whose mail server takes nothing for two days gets every mail once it does, each once per id', async () => {
    const { id } = await customer.webhook({ email: 'ann@example.com', events: ['order.accepted'] });
    await world.sendEvents();
    const [code] = /(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}/.exec(mailbox.mails[0]?.text ?? '') ?? [];
    expect((await customer.change(`/${id}/confirm`, 'POST', { code })).status).toBe(200);
    mailbox.refuse = { recipient: { code: 421, text: 'not now' } };
    for (let order = 0; order < 3; order += 1) await shop.order();
    await world.sendEvents();
    expect(await states(id)).toEqual([...Array(3).fill('retrying'), 'delivered']);
    await world.env.sleep(48 * HOUR);
    await attemptsAre(id, 8);
    mailbox.refuse = {};
    await world.env.sleep(28 * HOUR);
    await expect.poll(() => states(id), soon).toEqual(Array(4).fill('delivered'));
    const ids = mailbox.mails.slice(1).map(({ headers }) => headers['message-id']);
    const events = (await customer.log(id)).slice(0, 3).map(({ event }) => `<${event}.${id}@panel.example>`);
    expect(ids.sort()).toEqual(events.sort());
  });
});
