import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningProvider, startProvider } from '../../dev/provider/provider.ts';

let provider: RunningProvider;
let links = 0;
let link = '';
beforeAll(async () => {
  provider = await startProvider({ key: 'secret' });
});
beforeEach(async () => {
  await provider.reset();
  links += 1;
  link = `https://example.com/p/${links}`;
});
afterAll(() => provider.stop());

const send = (fields: Record<string, string>, signal?: AbortSignal) =>
  fetch(provider.apiUrl, {
    method: 'POST',
    body: new URLSearchParams({ key: 'secret', ...fields }),
    ...(signal === undefined ? {} : { signal }),
  });
const add = (signal?: AbortSignal, to = link) =>
  send({ action: 'add', service: '1', link: to, quantity: '100' }, signal);
const accepted = (to = link): number => provider.orders(to).length;

/** The error code that a caller sees when the connection is lost. */
const failure = (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(
    () => 'answered',
    (error: { cause?: { code?: string }; name: string }) => error.cause?.code ?? error.name,
  );

describe('faults of the connection', () => {
  it.each([
    ['drop', 'UND_ERR_SOCKET', 0],
    ['accept-drop', 'UND_ERR_SOCKET', 1],
    ['reset', 'ECONNRESET', 0],
    ['accept-reset', 'ECONNRESET', 1],
  ])('%s loses the answer as %s, with %i orders accepted', async (fault, code, orders) => {
    provider.arm({ fault, action: 'add' });
    expect(await failure(add())).toBe(code);
    expect(accepted()).toBe(orders);
    expect(provider.adds(link)).toMatchObject([{ fault, fields: { link } }]);
    expect((await add()).status).toBe(200);
    expect(accepted()).toBe(orders + 1);
  });

  it('hang never answers, and does not keep the provider from ending', async () => {
    const own = await startProvider({ key: 'secret' });
    own.arm({ fault: 'accept-hang' });
    const fields = new URLSearchParams({ key: 'secret', action: 'add', service: '1', link, quantity: '100' });
    const lost = failure(fetch(own.apiUrl, { method: 'POST', body: fields }));
    await expect.poll(() => own.orders().length).toBe(1);
    await own.stop();
    expect(await lost).toBe('UND_ERR_SOCKET');
  });

  it('cut ends in the middle of the announced bytes', async () => {
    provider.arm({ fault: 'cut' });
    const answer = await add();
    expect(await failure(answer.text())).toBe('UND_ERR_SOCKET');
    expect(accepted()).toBe(1);
  });

  it('drip sends the whole answer one byte at a time', async () => {
    provider.arm({ fault: 'drip:1' });
    const answer = await add();
    const sizes: number[] = [];
    for await (const part of answer.body ?? []) sizes.push(part.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(Number(answer.headers.get('content-length')));
  });

  it('endless sends more than anyone should read', async () => {
    provider.arm({ fault: 'endless' });
    const stop = new AbortController();
    let bytes = 0;
    const reading = async () => {
      for await (const part of (await add(stop.signal)).body ?? []) {
        bytes += part.length;
        if (bytes > 1_000_000) stop.abort();
      }
    };
    expect(await failure(reading())).toBe('AbortError');
    expect(bytes).toBeGreaterThan(1_000_000);
  });
});

describe('faults of the answer', () => {
  it.each([
    ['http:502', 502, null, /^<!DOCTYPE html>/, 0],
    ['accept-http:500', 500, null, /^<!DOCTYPE html>/, 1],
    ['429', 429, null, /Rate limit exceeded/, 0],
    ['429:7', 429, '7', /Rate limit exceeded/, 0],
    ['accept-html', 200, null, /Sign in/, 1],
    ['empty', 200, null, /^$/, 0],
    ['revoked', 200, null, /^\{"error":"Invalid API key"\}$/, 0],
    ['error:Busy', 200, null, /^\{"error":"Busy"\}$/, 0],
    ['truncated', 200, null, /^\{"order"$/, 1],
    ['noid', 200, null, /^\{"status":"success"\}$/, 1],
    ['types@add', 200, null, /^\{"order":"\d+"\}$/, 1],
  ])('%s', async (fault, status, retryAfter, body, orders) => {
    provider.arm({ fault });
    const answer = await add();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(await answer.text()).toMatch(body);
    expect(accepted()).toBe(orders);
    expect(provider.faults()).toEqual([]);
  });

  it('bom puts a byte order mark before the JSON', async () => {
    provider.arm({ fault: 'bom' });
    const bytes = new Uint8Array(await (await add()).arrayBuffer());
    expect([...bytes.slice(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x7b]);
  });

  it('duplicate answers with the id of the order before', async () => {
    const first: unknown = await (await add()).json();
    provider.arm({ fault: 'duplicate' });
    expect(await (await add()).json()).toEqual(first);
    expect(accepted()).toBe(2);
  });
});

describe('faults of rows', () => {
  const status = async () => {
    const ids = provider.orders().map(({ order }) => order);
    const answer = await send({ action: 'status', orders: ids.join(',') });
    return { ids, rows: (await answer.json()) as Record<string, Record<string, unknown> | string> };
  };

  it.each([
    ['types', { remains: 100, charge: 0.09 }],
    ['nulls', { remains: null, charge: null, start_count: null }],
    ['remains:Unknown', { remains: 'Unknown' }],
    ['remains:-5', { remains: '-5' }],
    ['word', { status: 'Awaiting moderation' }],
  ])('%s spoils the row of its link and no other', async (fault, spoilt) => {
    const waiting = '?sim=delay:60000';
    await add(undefined, link + waiting);
    await add(undefined, `${link}/other${waiting}`);
    provider.arm({ fault, link: link + waiting });
    const { ids, rows } = await status();
    expect(rows[ids[0] ?? 0]).toMatchObject(spoilt);
    expect(rows[ids[1] ?? 0]).toMatchObject({ remains: '100', charge: '0.09', status: 'Pending' });
  });

  it('missing leaves the row out, badrow makes it a bare text, foreign adds one nobody asked for', async () => {
    for (const fault of ['missing', 'badrow', 'foreign'])
      await add(undefined, `${link}?sim=delay:60000,fault:${fault}`);
    const { ids, rows } = await status();
    expect(rows).toEqual({
      [ids[1] ?? 0]: 'Incorrect order ID',
      [ids[2] ?? 0]: expect.objectContaining({ status: 'Pending' }),
      [(ids[2] ?? 0) + 1_000_000]: expect.objectContaining({ status: 'Completed' }),
    });
  });

  it('sawtooth lets remains go up and down', async () => {
    await add(undefined, `${link}?sim=delay:60000,fault:sawtooth`);
    const seen: unknown[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { ids, rows } = await status();
      const row = rows[ids[0] ?? 0];
      seen.push(typeof row === 'object' ? row.remains : row);
    }
    expect(seen).toEqual(['107', '100', '107']);
  });
});

describe('arming', () => {
  it('meets as many calls as said, after as many as are let pass', async () => {
    provider.arm({ fault: 'http:503', action: 'add', times: 2, skip: 1 });
    const seen: number[] = [];
    for (let n = 0; n < 4; n += 1) seen.push((await add()).status);
    expect(seen).toEqual([200, 503, 503, 200]);
    expect(provider.stats().faults).toEqual({ http: 2 });
  });

  it('in a link meets calls about that link, as often as the link says', async () => {
    const to = `${link}?sim=fault:http:502*1`;
    expect((await add(undefined, to)).status).toBe(502);
    expect((await add(undefined, to)).status).toBe(200);
  });

  it('refuses a fault that does not exist', async () => {
    expect(() => provider.arm({ fault: 'earthquake' })).toThrow('unknown fault "earthquake"');
    const body = JSON.stringify({ fault: 'earthquake' });
    expect((await fetch(`${provider.url}/control/faults`, { method: 'POST', body })).status).toBe(400);
  });

  it('down meets every call until it is over, and no order is accepted', async () => {
    await provider.configure({ down: true });
    expect([(await add()).status, (await send({ action: 'balance' })).status]).toEqual([503, 503]);
    await provider.configure({ down: false });
    expect((await add()).status).toBe(200);
    expect(accepted()).toBe(1);
    expect(provider.stats().adds.received).toBe(2);
  });
});
