import { describe, expect, it } from 'vitest';
import { failedFetch, problem, ran } from '../support/engines/in-process-cli.ts';

const order = {
  id: 10001,
  status: 'Pending',
  attention: 'none',
  service: 1,
  link: 'https://example.com/p/1',
  quantity: 100,
  runs: 1,
  totalQuantity: 100,
  price: '0.12',
  charge: '0.12',
  refunded: '0',
  currency: 'USD',
  delivered: 0,
  percent: 0,
  reference: 'a\u001b[31mred',
  createdAt: '2026-11-27T10:00:00.000Z',
  settledAt: null,
};
const PLACE = ['order', 'place', '--service', '1', '--link', 'https://example.com/p/1', '--quantity', '100'];
const headers = (requests: readonly Request[]) => requests.map((request) => request.headers.get('idempotency-key'));

describe('order place', () => {
  it('sends the order with the key that it printed, and answers in one line', async () => {
    const { exit, out, err, requests } = await ran(PLACE, [{ status: 201, body: order }]);
    expect(exit).toBe(0);
    expect(out).toBe('order 10001  Pending  0 %  0/100  price 0.12 USD\n');
    const [request] = requests;
    expect(await request?.json()).toEqual({ service: 1, link: 'https://example.com/p/1', quantity: 100 });
    expect(request?.headers.get('authorization')).toBe('Bearer hf_secret');
    expect(err).toBe(`to repeat it safely: --key ${headers(requests)[0]}\n`);
  });

  it('with --json and a key of its own answers with the order alone, wherever the option stands', async () => {
    for (const argv of [
      [...PLACE, '--key', 'sale-17', '--json'],
      ['--json', ...PLACE, '--key', 'sale-17'],
    ]) {
      const { exit, out, err, requests } = await ran(argv, [{ status: 201, body: order }]);
      expect({ exit, err, keys: headers(requests) }).toEqual({ exit: 0, err: '', keys: ['sale-17'] });
      expect(JSON.parse(out)).toEqual(order);
    }
  });

  it('sends every field that it was given', async () => {
    const more = [
      '--runs',
      '3',
      '--interval',
      '60',
      '--at',
      '2026-12-01T00:00:00Z',
      '--reference',
      'r',
      '--max-charge',
      '1.5',
    ];
    const fields = [
      '--field',
      'username=me=you',
      '--field-file',
      'comments=-',
      '--metadata',
      'shop=7',
      '--metadata',
      'x=',
    ];
    const { requests } = await ran([...PLACE, ...more, ...fields], [{ status: 201, body: order }], {
      stdin: 'one\ntwo\n',
    });
    expect(await requests[0]?.json()).toMatchObject({
      dripFeed: { runs: 3, intervalMinutes: 60 },
      scheduledAt: '2026-12-01T00:00:00Z',
      reference: 'r',
      maxCharge: '1.5',
      username: 'me=you',
      comments: 'one\ntwo\n',
      metadata: { shop: '7', x: '' },
    });
  });

  it('says that the outcome is not known, and the exact command that repeats it', async () => {
    const link = "https://example.com/it's here";
    const argv = ['order', 'place', '--service', '1', '--link', link, '--quantity', '100'];
    const { exit, out, err, requests } = await ran([...argv, '--json'], [problem(503, 'outcome_unknown', 'not known')]);
    const [key] = headers(requests);
    const repeat = `npx holdfast order place --service 1 --link 'https://example.com/it'\\''s here' --quantity 100 --json --key ${key}`;
    expect(exit).toBe(4);
    expect(err.split('\n')).toContain(
      `holdfast: outcome_unknown: not known [request r-1]; repeat, which does nothing twice: ${repeat}`,
    );
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'outcome_unknown', exit: 4, key, repeat } });
    // Each try of the client had the same key.
    expect(new Set(headers(requests)).size).toBe(1);
  });

  it('repeats the key that it was given without naming it twice', async () => {
    const { err } = await ran([...PLACE, '--key', 'sale-17'], [problem(503, 'outcome_unknown')]);
    expect(err.match(/--key/g)).toHaveLength(1);
  });
});

describe('the exit code', () => {
  it.each([
    ['3 for a refusal', problem(402, 'insufficient_funds', 'too little'), 3, 'insufficient_funds: too little'],
    ['3 for overload, after which there is no order', problem(503, 'overloaded'), 3, 'overloaded: a detail'],
    ['4 when the API failed while it placed', problem(500, 'internal'), 4, 'internal: a detail'],
    ['4 when the API was not available', problem(503, 'unavailable'), 4, 'unavailable: a detail'],
    ['4 when a proxy gave up', { status: 504, body: 'Gateway Timeout' }, 4, 'http_504: HTTP 504'],
    ['4 when the connection broke after the request', failedFetch('ECONNRESET'), 4, 'outcome_unknown: no answer'],
    ['5 when no connection was made', failedFetch('ECONNREFUSED'), 5, 'unreachable: no answer'],
  ] as const)('of placing is %s', async (_, answer, exit, line) => {
    const run = await ran([...PLACE, '--key', 'k'], [answer]);
    expect(run.exit).toBe(exit);
    expect(run.err).toMatch(/^holdfast: .*\n$/);
    expect(run.err).toContain(`holdfast: ${line}`);
    expect(run.out).toBe('');
  });

  it('of placing is 4 when one try broke off, even if later ones found no server', async () => {
    const run = await ran([...PLACE, '--key', 'k'], [failedFetch('UND_ERR_SOCKET'), failedFetch('ECONNREFUSED')]);
    expect(run.exit).toBe(4);
  });

  it.each([
    ['a limit', problem(429, 'rate_limited')],
    ['overload', problem(503, 'overloaded')],
    ['a key that was revoked', problem(401, 'unauthorized')],
    ['a right that was taken away', problem(403, 'forbidden')],
  ])('of placing is 4 when one try broke off, and later ones were refused for %s', async (_, refusal) => {
    for (const lost of [failedFetch('ECONNRESET'), problem(503, 'outcome_unknown'), problem(502, 'unavailable')]) {
      const { exit, err } = await ran([...PLACE, '--key', 'k'], [lost, refusal]);
      expect({ exit, err }).toEqual({
        exit: 4,
        err: expect.stringMatching(/^holdfast: outcome_unknown: no answer to .*; repeat, which does nothing twice: /),
      });
    }
  });

  it('of placing is 3 when each try was turned away, or the last one tells what became of the order', async () => {
    const limited = problem(429, 'rate_limited');
    expect((await ran([...PLACE, '--key', 'k'], [limited])).exit).toBe(3);
    expect((await ran([...PLACE, '--key', 'k'], [failedFetch('ECONNREFUSED'), limited])).exit).toBe(3);
    const poor = problem(402, 'insufficient_funds');
    expect((await ran([...PLACE, '--key', 'k'], [failedFetch('ECONNRESET'), limited, poor])).exit).toBe(3);
  });

  it.each([
    ['3 when the order is not there', problem(404, 'order_not_found'), 3],
    ['1 when the API failed', problem(500, 'internal'), 1],
    ['5 when the API is not available', problem(503, 'unavailable'), 5],
    ['5 when the connection broke', failedFetch('ECONNRESET'), 5],
  ] as const)('of a read is %s', async (_, answer, exit) => {
    expect((await ran(['order', 'get', '10001'], [answer])).exit).toBe(exit);
  });

  it.each([
    ['an unknown option', ['order', 'get', '1', '--nope'], "unknown option '--nope'"],
    ['an unknown command', ['ordr'], "unknown command 'ordr' (Did you mean order?)"],
    ['no subcommand', ['order'], 'name a command'],
    ['no id', ['order', 'get'], "missing required argument 'order'"],
    ['a wrong id', ['order', 'get', '1e3'], 'It must be a whole number from 1 on.'],
    ['a missing option', ['order', 'place'], "required option '--service <id>' not specified"],
    ['half a drip-feed', [...PLACE, '--runs', '3'], '--runs and --interval go together'],
    ['an unknown field', [...PLACE, '--field', 'color=red'], '--field color: a field is one of keywords'],
    ['a field given twice', [...PLACE, '--field', 'min=1', '--field', 'min=2'], 'min is given twice'],
    ['a file that is not there', ['mass', '/nowhere/list'], 'cannot read /nowhere/list: ENOENT'],
    ['an empty list', ['mass', '-'], '- has no lines'],
    ['an action without its option', ['review', 'resolve', '1', 'extend'], 'extend needs --hours'],
    [
      'an option of another action',
      ['review', 'resolve', '1', 'complete', '--hours', '2'],
      'complete takes no --hours',
    ],
    ['a decision that does not exist', ['review', 'resolve', '1', 'forget'], 'Allowed choices are extend, complete'],
  ] as const)('is 2 for %s, with one line that says what', async (_, argv, line) => {
    const { exit, out, err, requests } = await ran(argv, []);
    expect({ exit, out, requests }).toEqual({ exit: 2, out: '', requests: [] });
    expect(err.split('\n').filter((one) => one.startsWith('holdfast: usage: '))).toHaveLength(1);
    expect(err).toContain(line);
  });

  it('is 2 without a server or a key, and the key of the local stack never goes elsewhere', async () => {
    const cases = [
      [{}, 'set HOLDFAST_URL and HOLDFAST_API_KEY, or start the local stack with `npm start`'],
      [{ HOLDFAST_URL: 'http://api.test' }, 'set HOLDFAST_API_KEY to the key for http://api.test'],
      [{ HOLDFAST_API_KEY: 'k' }, 'give the address of the API with --url or HOLDFAST_URL'],
      [{ HOLDFAST_API_KEY: 'k', HOLDFAST_URL: 'api.test' }, 'the address "api.test" is not an http or https URL'],
    ] as const;
    for (const [env, line] of cases) {
      const { exit, err } = await ran(['order', 'get', '1'], [], { env });
      expect({ exit, err }).toEqual({ exit: 2, err: `holdfast: usage: ${line}\n` });
    }
  });

  it('is 0 for help and for the version, and --json gives a wrong usage as one value', async () => {
    expect(await ran(['order', 'place', '--help'], [])).toMatchObject({
      exit: 0,
      out: expect.stringContaining('--key'),
    });
    expect(await ran(['--version'], [])).toMatchObject({ exit: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    const { out } = await ran(['order', 'get', '--json'], []);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'usage', exit: 2 } });
  });
});

it('a terminal obeys nothing that an order has in its texts', async () => {
  const { out } = await ran(['order', 'get', '10001'], [{ status: 200, body: order }]);
  expect(out).toContain('reference     a\ufffd[31mred');
  expect(out).not.toContain('\u001b');
});

it('cancel and refill carry a key and the reason, and say what happens next', async () => {
  const accepted = { status: 202, body: { id: 10001, accepted: true, message: 'The order ends at once.' } };
  const canceled = await ran(['order', 'cancel', '10001', '--reason', 'late'], [accepted]);
  expect(canceled).toMatchObject({ exit: 0, out: 'order 10001: The order ends at once.\n', err: '' });
  expect(headers(canceled.requests)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)]);
  expect(await canceled.requests[0]?.json()).toEqual({ reason: 'late' });
  const refilled = await ran(
    ['order', 'refill', '10001'],
    [{ status: 202, body: { id: 3, order: 10001, status: 'Pending' } }],
  );
  expect(refilled).toMatchObject({ exit: 0, out: 'order 10001: refill 3 is Pending\n' });
});

describe('mass', () => {
  const line = (n: number, status: string, code?: string) => ({
    line: n,
    status,
    order: status === 'placed' ? 10_000 + n : null,
    error: code === undefined ? null : { code, title: 't', detail: `of line ${n}` },
  });

  it('shows each line that was not placed, and counts the others', async () => {
    const body = { placed: 1, refused: 1, unknown: 0, lines: [line(1, 'placed'), line(2, 'refused', 'invalid_link')] };
    const { exit, out, requests } = await ran(['mass', '-'], [{ status: 200, body }], { stdin: '1|a|1\n1|b|2\n' });
    expect({ exit, out }).toEqual({ exit: 3, out: 'line 2: refused invalid_link: of line 2\n1 placed, 1 refused\n' });
    expect(await requests[0]?.text()).toBe('1|a|1\n1|b|2\n');
  });

  it('is to be repeated with its key when a line is not known', async () => {
    const body = { placed: 0, refused: 0, unknown: 1, lines: [line(1, 'unknown', 'outcome_unknown')] };
    const { exit, out } = await ran(['mass', '-', '--key', 'list-1'], [{ status: 200, body }], { stdin: '1|a|1' });
    expect(exit).toBe(4);
    expect(out).toContain('send the list again with --key list-1');
  });

  it('follows a long list to its end, with a bar on a terminal only', async () => {
    const list = { id: 7, total: 200, placed: 200, refused: 0, canceled: 0, createdAt: 'now' };
    const answers = [
      { status: 202, body: { ...list, status: 'placing', waiting: 150 } },
      { status: 200, body: { ...list, status: 'placing', waiting: 50, data: [], nextCursor: null } },
      { status: 200, body: { ...list, status: 'ended', waiting: 0, data: [], nextCursor: null } },
      { status: 200, body: { ...list, status: 'ended', waiting: 0, data: [line(1, 'placed')], nextCursor: 'c' } },
      { status: 200, body: { ...list, status: 'ended', waiting: 0, data: [line(2, 'placed')], nextCursor: null } },
    ];
    const seen = await ran(['mass', '-', '--key', 'k', '--json'], answers, { stdin: 'x', isTerminal: true });
    expect(JSON.parse(seen.out)).toEqual({
      list: 7,
      placed: 200,
      refused: 0,
      canceled: 0,
      unknown: 0,
      lines: [line(1, 'placed'), line(2, 'placed')],
      key: 'k',
    });
    expect(seen.err).toContain('[#######.......................]  25 %  50 of 200 lines');
    expect((await ran(['mass', '-', '--key', 'k'], answers, { stdin: 'x' })).err).toBe('');
  });

  it('is to be repeated with its key when a stored list cannot be read', async () => {
    const body = { id: 7, status: 'placing', total: 200, waiting: 200, placed: 0, refused: 0, canceled: 0 };
    for (const refusal of [problem(403, 'forbidden'), problem(429, 'too_many_reads')]) {
      const { exit, err } = await ran(['mass', '-', '--key', 'k'], [{ status: 202, body }, refusal], { stdin: 'x' });
      expect(exit).toBe(4);
      expect(err).toMatch(/^holdfast: outcome_unknown: list 7 is stored, .*: npx holdfast mass - --key k\n$/);
    }
  });
});

describe('a text that is not UTF-8', () => {
  const cyrillic = Uint8Array.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);

  it.each([
    ['of a list', ['mass', '-']],
    ['of a field', [...PLACE, '--field-file', 'comments=-']],
  ])('%s is refused, and nothing is sent', async (_, argv) => {
    const { exit, err, requests } = await ran(argv, [], { stdin: cyrillic });
    expect({ exit, err, requests }).toEqual({ exit: 2, err: expect.stringContaining('- is not UTF-8'), requests: [] });
  });
});

it('review list shows what waits and what can be decided, and that there is more', async () => {
  const review = (id: number) => ({
    order: id,
    attention: 'uncertain',
    since: '2026-11-27T10:00:00.000Z',
    delivered: 0,
    totalQuantity: 100,
    held: '0.12',
    currency: 'USD',
    actions: ['attach', 'notPlaced', 'cancel'],
    why: 'no answer',
  });
  const body = { data: [review(1), review(2)], nextCursor: null };
  const { exit, out, err, requests } = await ran(
    ['review', 'list', '--limit', '1', '--attention', 'uncertain'],
    [{ status: 200, body }],
  );
  expect(exit).toBe(0);
  expect(out.split('\n')[1]).toBe(
    '1      uncertain  2026-11-27T10:00:00.000Z  0/100      0.12 USD  attach,notPlaced,cancel  no answer',
  );
  expect(err).toBe('more orders wait: the first 1 are shown (--limit)\n');
  expect(requests[0]?.url).toBe('http://api.test/v1/admin/reviews?attention=uncertain&limit=2');
  expect(await ran(['review', 'list'], [{ status: 200, body: { data: [], nextCursor: null } }])).toMatchObject({
    out: 'no order waits for a person\n',
  });
});

it.each([
  [['extend', '--hours', '1.5'], { action: 'extend', hours: 1.5 }],
  [['partial', '--delivered', '0'], { action: 'partial', delivered: 0 }],
  [['attach', '--provider-order', '77', '--batch', '2'], { action: 'attach', providerOrder: '77', batch: 2 }],
  [['notPlaced', '--reason', 'asked them'], { action: 'notPlaced', reason: 'asked them' }],
  [['complete'], { action: 'complete' }],
] as const)('review resolve %j sends that decision', async (argv, body) => {
  const accepted = { status: 202, body: { id: 10001, accepted: true, message: 'done' } };
  const { exit, requests } = await ran(['review', 'resolve', '10001', ...argv], [accepted]);
  expect(exit).toBe(0);
  expect(requests[0]?.url).toBe('http://api.test/v1/admin/orders/10001/resolve');
  expect(await requests[0]?.json()).toEqual(body);
});
