import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureOutbox } from '../../activities/webhook/ensure-outbox.ts';
import { LIMITS } from '../../domain/limits.ts';
import { createMailer } from '../../net/mailer.ts';
import { deliveryWorkflowId } from '../../workflows/contract.ts';
import { type Mailbox, openMailbox, type ReceivedMail } from '../support/peers/mailbox.ts';
import { openReceiver } from '../support/peers/receiver.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { type Customer, customerOf } from '../support/worlds/webhooks.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

const soon = { timeout: 20_000, interval: 50 };
const CODE = /\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b/;

let people = 0;
/** A new address for each test: it has had no mail today. */
const somebody = () => `ann.${++people}@example.com`;

describe('a webhook by e-mail', () => {
  let world: World;
  let api: ServedApi;
  let shop: Shop;
  let customer: Customer;
  let mailbox: Mailbox;

  beforeAll(async () => {
    mailbox = await openMailbox();
    world = await realWorld({ mailer: createMailer({ url: mailbox.url, from: 'orders@panel.example' }) });
    api = await serveApi({ ...world, mail: true });
    await world.startWorkers();
    await ensureOutbox(world.temporal);
  });
  afterAll(async () => {
    await api.close();
    await world.close();
    await mailbox.close();
  });
  beforeEach(async () => {
    shop = await world.shop();
    customer = await customerOf(world.sql, api, shop.account);
  });
  afterEach(() => {
    mailbox.refuse = {};
  });

  const mailsTo = (address: string): ReceivedMail[] => mailbox.mails.filter(({ to }) => to.includes(address));
  const mailTo = async (address: string, number: number): Promise<ReceivedMail> => {
    await expect.poll(() => mailsTo(address).length, soon).toBe(number);
    return mailsTo(address)[number - 1] as ReceivedMail;
  };
  const codeIn = ({ text }: ReceivedMail): string => CODE.exec(text)?.[0] ?? 'none';
  const confirm = (id: number, code: string) => customer.change(`/${id}/confirm`, 'POST', { code });
  const untilLog = (webhook: number, expected: object[]) =>
    expect.poll(() => customer.log(webhook), soon).toMatchObject(expected);
  /** A webhook with a confirmed address. The address has had one mail. */
  async function confirmed(email = somebody(), more: object = {}): Promise<{ id: number; email: string }> {
    const { id } = await customer.webhook({ email, ...more });
    expect((await confirm(id, codeIn(await mailTo(email, 1)))).status).toBe(200);
    return { id, email };
  }

  it('hears of nothing, and sends nothing, until somebody who reads mail at the address confirms it', async () => {
    const email = somebody();
    const made = await customer.ask('', { email, events: ['order.accepted'] });
    expect(made.body).toMatchObject({ url: null, email, enabled: false, disabledReason: 'unconfirmed' });
    expect(made.body).not.toHaveProperty('secret');
    expect(Date.parse(made.body.confirmUntil as string)).toBeGreaterThan(Date.now() + 71 * 3_600_000);
    const id = made.body.id as number;
    const asked = await mailTo(email, 1);
    expect(asked.headers).toMatchObject({
      subject: 'Confirm this address for news of orders',
      'message-id': expect.stringMatching(`^<evt_\\d+\\.${id}@panel\\.example>$`),
      'auto-submitted': 'auto-generated',
    });
    await untilLog(id, [{ type: 'webhook.confirm', state: 'delivered', attempts: 1, lastStatus: 250 }]);

    await shop.order();
    for (const path of ['test', 'replay']) {
      expect((await customer.ask(`/${id}/${path}`, { event: 'evt_1' })).body.code).toBe('webhook_unconfirmed');
    }
    expect((await customer.change(`/${id}`, 'PATCH', { enabled: true })).body.code).toBe('webhook_unconfirmed');
    for (const wrong of ['0000-0000-0000-0000', 'guessed', codeIn(asked).slice(1)]) {
      expect((await confirm(id, wrong)).body.code).toBe('confirmation_failed');
    }
    expect(await customer.log(id)).toHaveLength(1);

    const typed = codeIn(asked).toLowerCase().replaceAll('-', ' ');
    for (const time of ['first', 'again']) {
      const { status, body } = await confirm(id, typed);
      expect([time, status, body.enabled, body.confirmUntil]).toEqual([time, 200, true, null]);
    }
    const order = await shop.order({ link: 'https://example.com/p/1?name=Zoë' });
    const told = await mailTo(email, 2);
    expect(told.headers.subject).toBe(`order.accepted: order ${order}`);
    expect(told.text).toContain(`Order ${order} is Pending.\n0 of 1000 delivered.\nCharged: 0.9 USD.`);
    const shown = JSON.parse(told.text.slice(told.text.indexOf('{'), told.text.lastIndexOf('}\n') + 1));
    const { body: current } = await api.v1(`/v1/orders/${order}`, { key: customer.key });
    const { can: _, metadata: __, ...body } = current;
    expect(shown).toMatchObject({
      type: 'order.accepted',
      data: { version: 1, order: { ...body, elapsedSeconds: expect.any(Number) } },
    });
    expect(JSON.stringify(shown)).not.toMatch(/provider|upstream|attempt/i);
  });

  it('cannot be confirmed with the code of another address, nor of the same address elsewhere', async () => {
    const email = somebody();
    const [one, other] = [await customer.webhook({ email }), await customer.webhook({ email })];
    await mailTo(email, 2);
    const codes = new Map(
      mailsTo(email).map((mail) => [Number(/\.(\d+)@/.exec(mail.headers['message-id'] ?? '')?.[1]), codeIn(mail)]),
    );
    expect((await confirm(one.id, codes.get(other.id) ?? '')).body.code).toBe('confirmation_failed');
    expect((await confirm(one.id, codes.get(one.id) ?? '')).status).toBe(200);
    const { id } = await customer.webhook({ url: 'http://127.0.0.1:9/hook' });
    expect((await confirm(id, codes.get(one.id) ?? '')).body.code).toBe('confirmation_failed');
  });

  it('can be confirmed for three days, and is not asked for it later', async () => {
    const late = (webhook: number) =>
      world.sql`update webhook_endpoints set confirm_until = now() where id = ${webhook}`;
    const email = somebody();
    const { id } = await customer.webhook({ email });
    const code = codeIn(await mailTo(email, 1));
    await late(id);
    expect((await confirm(id, code)).body.code).toBe('confirmation_failed');
    expect((await customer.ask(`/${id}`)).body).toMatchObject({ enabled: false, disabledReason: 'unconfirmed' });

    // The first attempt is refused only once the three days are over.
    let refuse = () => {};
    mailbox.busy = new Promise((resolve) => {
      refuse = resolve;
    });
    mailbox.refuse = { recipient: { code: 450, text: 'later' } };
    const before = mailbox.offered;
    const second = await customer.webhook({ email });
    await expect.poll(() => mailbox.offered, soon).toBe(before + 1);
    await late(second.id);
    refuse();
    await untilLog(second.id, [{ lastStatus: 450 }]);
    mailbox.refuse = {};
    await untilLog(second.id, [{ state: 'stopped', attempts: 1 }]);
    expect(mailsTo(email)).toHaveLength(1);
  });

  it('asks nobody more than three times a day for a confirmation, whoever wants it and however it is written', async () => {
    const email = somebody();
    for (let time = 0; time < LIMITS.confirmationsOfAddress - 1; time += 1) {
      const { id } = await customer.webhook({ email });
      await customer.change(`/${id}`, 'DELETE');
    }
    const other = await customerOf(world.sql, api, (await world.shop()).account);
    const asked = await Promise.all(Array.from({ length: 5 }, () => other.ask('', { email: email.toUpperCase() })));
    expect(asked.filter(({ status }) => status === 201)).toHaveLength(1);
    const refused = asked.filter(({ status }) => status !== 201);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      Array(4).fill([429, 'too_many_confirmations']),
    );
    await world.sql`update webhook_confirmations set at = at - interval '1 day'`;
    expect((await other.ask('', { email })).status).toBe(201);
  });

  it('lets no account ask many addresses', async () => {
    const statuses: number[] = [];
    for (let time = 0; time <= LIMITS.confirmationsOfAccount; time += 1) {
      const { status, body } = await customer.ask('', { email: somebody() });
      statuses.push(status);
      if (status === 201) await customer.change(`/${body.id}`, 'DELETE');
    }
    expect(statuses).toEqual([...Array(LIMITS.confirmationsOfAccount).fill(201), 429]);
  });

  it.each([
    {},
    { url: 'http://127.0.0.1:9/', email: 'ann@example.com' },
    ...[
      'ann',
      'ann@example',
      'ann@example.com, eve@example.com',
      'ann@example.com\r\nBcc: eve@example.com',
      'Ann <ann@example.com>',
      '"a b"@example.com',
      'ann@[127.0.0.1]',
      `${'a'.repeat(250)}@example.com`,
    ].map((email) => ({ email })),
  ])('%j is refused', async (body) => {
    const answer = await customer.ask('', body);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
  });

  it('is refused where no e-mail is sent', async () => {
    const without = await serveApi(world);
    const other = await customerOf(world.sql, without, shop.account);
    const answer = await other.ask('', { email: somebody() });
    expect([answer.status, answer.body.code]).toEqual([422, 'email_unavailable']);
    await without.close();
  });

  it('has no secret, and gets no url', async () => {
    const { id } = await confirmed();
    expect((await customer.ask(`/${id}/rotate`, {})).body.code).toBe('webhook_has_no_secret');
    const answer = await customer.change(`/${id}`, 'PATCH', { url: 'http://127.0.0.1:9/' });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect((await customer.change(`/${id}`, 'PATCH', { enabled: false })).body).toMatchObject({
      disabledReason: 'owner',
    });
    expect((await customer.change(`/${id}`, 'PATCH', { enabled: true })).body).toMatchObject({ enabled: true });
    await customer.change(`/${id}`, 'DELETE');
    const [row] = await world.sql`select email, url from webhook_endpoints where id = ${id}`;
    expect(row).toEqual({ email: null, url: null });
  });

  it('whose mail server says "later" is told later, in a mail with the same id; Temporal sees no address', async () => {
    const { id, email } = await confirmed();
    mailbox.refuse = { mail: { code: 451, text: 'later' } };
    const { body } = await customer.ask(`/${id}/test`, {});
    await untilLog(id, [{ state: 'retrying', lastStatus: 451, attempts: 1 }, {}]);
    mailbox.refuse = {};
    await untilLog(id, [{ event: body.event, state: 'delivered', lastStatus: 250, attempts: 2 }, {}]);
    const first = await mailTo(email, 2);
    expect(first.headers).toMatchObject({
      subject: 'webhook.test',
      'message-id': `<${body.event}.${id}@panel.example>`,
    });
    const round = { event: Number(String(body.event).slice(4)), endpoint: id, round: 1 };
    const { events } = await world.temporal.workflow.getHandle(deliveryWorkflowId(round)).fetchHistory();
    expect(JSON.stringify(events)).not.toContain('example.com');

    await customer.ask(`/${id}/replay`, { event: body.event });
    expect((await mailTo(email, 3)).headers['message-id']).toBe(first.headers['message-id']);
  });

  it('whose mail is refused for good is not told again of that event', async () => {
    const { id } = await confirmed();
    mailbox.refuse = { recipient: { code: 550, text: 'no such user' } };
    await customer.ask(`/${id}/test`, {});
    await untilLog(id, [{ state: 'failed', lastStatus: 550, attempts: 1, nextAttemptAt: null }, {}]);
    mailbox.refuse = {};
    await customer.ask(`/${id}/test`, {});
    await untilLog(id, [{ state: 'delivered' }, { state: 'failed', attempts: 1 }, {}]);
  });

  it('holds no webhook with a url up when the mail server is slow, and gives it few mails at a time', async () => {
    const receiver = await openReceiver();
    const { id: url } = await customer.webhook({ url: receiver.url, events: ['order.review'] });
    const from = new Date().toISOString();
    for (let order = 0; order < LIMITS.webhookRequestsEach * 2; order += 1) await shop.order();
    const mails = [await confirmed(), await confirmed(), await confirmed()];
    const before = mailbox.offered;
    let answer = () => {};
    mailbox.busy = new Promise((resolve) => {
      answer = resolve;
    });
    // A replay makes all mails of an address due in one moment, so that the outbox sees more of them than it may send.
    for (const { id } of mails) await customer.ask(`/${id}/replay`, { from, to: new Date().toISOString() });
    await expect.poll(() => mailbox.offered - before, soon).toBe(LIMITS.webhookRequestsEach);
    await customer.ask(`/${url}/test`, {});
    await untilLog(url, [{ state: 'delivered' }]);
    expect(mailbox.offered - before).toBe(LIMITS.webhookRequestsEach);
    answer();
    const all = mails.length * LIMITS.webhookRequestsEach * 2;
    await expect.poll(() => mailbox.offered - before, soon).toBe(all);
    for (const { email } of mails) {
      await expect.poll(() => mailsTo(email).length, soon).toBe(1 + LIMITS.webhookRequestsEach * 2);
    }
    await receiver.close();
  });
});
