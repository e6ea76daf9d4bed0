import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, holdfast } from '../support/engines/command-line.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { mustPlace } from '../support/worlds/placing.ts';

let on: ApiWorld;
beforeAll(async () => {
  on = await apiWorld({ service: { refill_days: 30, refill_cooldown_seconds: 0 } });
});
afterAll(() => on.close());

const as = (key: string, argv: readonly string[], input = ''): Promise<Ended> =>
  holdfast(argv, { env: { HOLDFAST_URL: on.api.url, HOLDFAST_API_KEY: key, DATABASE_URL: on.world.url }, input });
const customer = (...argv: readonly string[]): Promise<Ended> => as(on.key, argv);
const staff = (...argv: readonly string[]): Promise<Ended> => as(on.staff, argv);

let links = 0;
const linkOf = (sim: string): string => `https://example.com/cli/${++links}?sim=${sim}`;

/** Places an order over the API; returns its id as a word for a command line. */
async function placed(sim: string, more: object = {}): Promise<string> {
  const body = { service: on.shop.service, link: linkOf(sim), quantity: 1000, ...more };
  return String(await mustPlace(on.api, { key: on.key, body, idempotencyKey: body.link }));
}
const read = async (order: string) => (await on.api.v1(`/v1/orders/${order}`, { key: on.key })).body;

describe('the command line, as processes against the API', () => {
  it('places an order once, however often the command is repeated with its key', async () => {
    const argv = ['order', 'place', '--service', String(on.shop.service), '--link', linkOf('seconds:600')];
    const first = await customer(...argv, '--quantity', '100', '--json', '--key', 'cli-1');
    expect(first).toMatchObject({ exit: 0, err: '' });
    const order = JSON.parse(first.out) as { id: number };
    expect(order).toMatchObject({ status: 'Pending', quantity: 100, price: '0.09' });
    const again = await customer(...argv, '--quantity', '100', '--key', 'cli-1');
    expect(again).toEqual({ exit: 0, out: `order ${order.id}  Pending  0 %  0/100  price 0.09 USD\n`, err: '' });
    const other = await customer(...argv, '--quantity', '200', '--key', 'cli-1', '--json');
    expect(other).toMatchObject({ exit: 3, err: expect.stringMatching(/^holdfast: idempotency_key_reused: .*\n$/) });
    expect(JSON.parse(other.out)).toMatchObject({ error: { code: 'idempotency_key_reused', key: 'cli-1' } });
  });

  it('follows an order to its end in JSON lines, and then asks for its refill', async () => {
    const order = await placed('seconds:1,onrefill:0');
    const { exit, out, err } = await customer('order', 'watch', order, '--json');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    const messages = out
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(messages).toContainEqual(
      expect.objectContaining({ event: expect.objectContaining({ type: 'order.accepted' }) }),
    );
    expect(messages.at(-1)).toMatchObject({ type: 'progress', progress: { status: 'Completed', percent: 100 } });
    expect((await customer('order', 'get', order)).out).toContain(`order ${order}  Completed  100 %  1000/1000\n`);
    expect(await customer('order', 'refill', order)).toMatchObject({
      exit: 0,
      out: expect.stringMatching(new RegExp(`^order ${order}: refill \\d+ is `)),
    });
  });

  it('cancels an order', async () => {
    const order = await placed('seconds:1', { scheduledAt: new Date(Date.now() + 3_600_000).toISOString() });
    const canceled = await customer('order', 'cancel', order, '--reason', 'not needed');
    expect(canceled).toMatchObject({ exit: 0, out: expect.stringContaining(`order ${order}: `) });
    await expect.poll(() => read(order)).toMatchObject({ status: 'Canceled', refunded: '0.9' });
  });

  it('places a list, and shows the line that was refused', async () => {
    const line = (service: number) => `${service}|${linkOf('seconds:600')}|100`;
    const lines = [1, 2, 3, 4].map(() => line(on.shop.service));
    const list = await as(on.key, ['mass', '-', '--key', 'cli-list'], [...lines, line(999_999)].join('\n'));
    expect(list).toMatchObject({ exit: 3, err: '' });
    expect(list.out).toMatch(/^line 5: refused unknown_service: .*\n4 placed, 1 refused\n$/);
  });

  it('shows staff what waits for a person, and takes their decision', async () => {
    const order = await placed('fault:accept-drop');
    await expect.poll(() => read(order)).toMatchObject({ attention: 'uncertain' });
    const waiting = JSON.parse((await staff('review', 'list', '--json')).out) as { order: number; actions: string[] }[];
    expect(waiting).toMatchObject([{ order: Number(order), actions: ['attach', 'notPlaced', 'cancel'] }]);
    const resolved = await staff('review', 'resolve', order, 'cancel', '--reason', 'asked them');
    expect(resolved).toMatchObject({ exit: 0, err: '' });
    await expect.poll(() => read(order)).toMatchObject({ status: 'Canceled', refunded: '0.9' });
    expect(await customer('review', 'list')).toMatchObject({
      exit: 3,
      err: expect.stringMatching(/^holdfast: forbidden: /),
    });
  });

  it('proves the books, and exits with 1 when they are wrong', async () => {
    const { sql, url } = on.world;
    const proof = await customer('verify', '--json');
    expect(proof).toMatchObject({ exit: 0, err: '' });
    expect(JSON.parse(proof.out)).toMatchObject({ drift: [], proved: { wallets: 2 } });
    await sql`update wallets set balance = balance + 1 where account_id = ${on.shop.account}`;
    const wrong = await holdfast(['verify'], { env: { DATABASE_URL: url } });
    await sql`update wallets set balance = balance - 1 where account_id = ${on.shop.account}`;
    expect(wrong).toMatchObject({ exit: 1, out: expect.stringContaining('drift: ') });
  });
});
