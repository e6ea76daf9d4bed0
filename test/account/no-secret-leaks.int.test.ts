import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { ensureOutbox } from '../../activities/webhook/ensure-outbox.ts';
import { createLogger } from '../../api/http/logging.ts';
import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { errorForLog } from '../../db/errors.ts';
import { scriptedPanel } from '../support/peers/panel.ts';
import { openReceiver } from '../support/peers/receiver.ts';
import { serveApi } from '../support/worlds/api.ts';
import { openShop } from '../support/worlds/shop.ts';
import { realWorld } from '../support/worlds/world.ts';

/** A stream that collects everything written to it as text. */
function sink() {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

const WORDS = `canary-${randomBytes(6).toString('hex')}`;
const LINK = `https://example.com/${WORDS}`;

it('no secret and nothing private is in a log, a history, an error or the database', async () => {
  const logs = sink();
  const world = await realWorld({
    log: pino({ level: 'trace', serializers: { err: errorForLog } }, logs.stream),
  });
  const api = await serveApi({ ...world, log: createLogger('trace', logs.stream) });
  const [panel, receiver] = await Promise.all([scriptedPanel(), openReceiver()]);
  const { sql } = world;
  const answers: string[] = [];
  const ask: typeof api.v1 = async (path, call) => {
    const answer = await api.v1(path, call);
    answers.push(JSON.stringify(answer.body));
    return answer;
  };
  try {
    const upstreamKey = 'upstream-key';
    const shop = await openShop(sql, {
      providers: [panel.url],
      masterKey: world.masterKey,
      service: { type: 'Custom Comments' },
    });
    const { key } = await createKey(sql, { accountId: shop.account, name: 'main' });
    const { key: staff } = await createStaffKey(sql);
    await world.startWorkers();
    await ensureOutbox(world.temporal);
    const webhook = await api.v1('/v1/webhooks', { key, body: { url: receiver.url }, idempotencyKey: 'hook' });
    const secret = webhook.body.secret as string;

    // Three sends: the provider quotes the request in its error, its answer is lost, and it accepts the order.
    panel.onAdd = ({ key: ours, ...rest }) => ({ error: `${ours} cannot take ${JSON.stringify(rest)}` });
    const order = { service: shop.service, comments: `${WORDS} nice\n${WORDS} wow`.repeat(10) };
    const place = async (idempotencyKey: string) =>
      (await ask('/v1/orders', { key, body: { ...order, link: `${LINK}/${idempotencyKey}` }, idempotencyKey })).body
        .id as number;
    const uncertain = await place('quoted');
    const attention = (id: number, is: string) =>
      expect
        .poll(async () => (await api.v1(`/v1/orders/${id}`, { key })).body, { timeout: 20_000 })
        .toMatchObject({ attention: is });
    await attention(uncertain, 'uncertain');
    panel.onAdd = (_, number) => ({ order: 5000 + number });
    const sent = await place('taken');
    await expect.poll(() => panel.adds().length).toBe(2);

    // Requests with every kind of error, with secrets in the wrong places.
    await ask(`/v1/orders?key=${key}&link=${WORDS}`, { key: `${key.slice(0, -1)}x` });
    for (const path of [`/v1/orders/${key}`, `/v1/webhooks/${secret}/deliveries`, `/${staff}`])
      await ask(path, { key });
    await ask('/v1/orders', { key, body: `{"link": "${WORDS}", ${key}`, idempotencyKey: 'broken' });
    await ask('/v1/orders', { key, body: { link: LINK, service: -1, [WORDS]: key }, idempotencyKey: 'odd' });
    await ask('/v1/callbacks/1', { body: { order: WORDS }, headers: { 'webhook-signature': secret } });
    await ask(`/v1/admin/orders/${uncertain}/resolve`, {
      key: staff,
      body: { action: 'cancel', reason: 'nobody knows' },
      idempotencyKey: 'resolve',
    });
    await attention(uncertain, 'none');
    const v2 = new URLSearchParams({ key, action: 'status', order: WORDS });
    answers.push(await (await fetch(`${api.url}/api/v2?${v2}`)).text());
    answers.push(await (await fetch(api.metricsUrl)).text());
    // PostgreSQL's error quotes the refused row.
    await sql.unsafe(`alter table orders add constraint no_canary check (link not like '%${WORDS}/refused')`);
    const refused = fetch(`${api.url}/v1/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'refused' },
      body: JSON.stringify({ ...order, link: `${LINK}/refused` }),
    });
    await expect.poll(() => logs.text(), { timeout: 20_000 }).toContain('no_canary');
    await sql.unsafe('alter table orders drop constraint no_canary');
    answers.push(await (await refused).text());
    await expect.poll(() => receiver.heard.length).toBeGreaterThan(0);

    const histories: string[] = [];
    for await (const { workflowId, runId } of world.temporal.workflow.list()) {
      const handle = world.temporal.workflow.getHandle(workflowId, runId);
      const { raw } = await handle.describe();
      histories.push(
        JSON.stringify(historyToJSON(await handle.fetchHistory())),
        JSON.stringify(raw, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
      );
    }
    expect(histories.length).toBeGreaterThan(4);
    const tables = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
    const dump = (
      await Promise.all(
        tables.map(async ({ name }) => JSON.stringify(await sql`select to_jsonb(t)::text as row from ${sql(name)} t`)),
      )
    ).join('\n');

    expect(dump).toContain(WORDS);
    expect(sent).toBeGreaterThan(0);
    const places = { logs: logs.text(), histories: decoded(histories.join('\n')), answers: answers.join('\n'), dump };
    for (const [place, text] of Object.entries(places)) {
      for (const hidden of [upstreamKey, key, key.slice(16), staff.slice(16), secret.slice(6)]) {
        expect(text.includes(hidden), `${hidden.slice(0, 6)}… in ${place}`).toBe(false);
      }
    }
    for (const place of ['logs', 'histories'] as const) {
      const at = places[place].indexOf(WORDS);
      expect(at === -1 ? '' : places[place].slice(Math.max(at - 200, 0), at + 50), place).toBe('');
    }
  } finally {
    await Promise.all([api.close(), receiver.close(), panel.close()]);
    await world.close();
  }
}, 120_000);

/** A history's JSON, followed by its base64 payloads decoded. */
function decoded(text: string): string {
  const payloads = [...text.matchAll(/"([A-Za-z0-9+/]{16,}={0,2})"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
  return `${text}\n${payloads.join('\n')}`;
}
