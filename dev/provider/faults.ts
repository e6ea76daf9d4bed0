import type { ServerResponse } from 'node:http';

/**
 * Everything that can go wrong with one call, by name. A fault is written `name`, `name:argument` or `accept-name`.
 * With `accept-` the provider carries out the request (accepts and journals an order) and then loses or replaces the answer.
 * Without it the provider never reads the request. `cut`, `drip` and the faults from `truncated` on spoil a real answer, so they
 * always carry out the request.
 *
 * | fault | what the caller sees |
 * | --- | --- |
 * | `drop` · `reset` | the connection ends (FIN · RST) without an answer |
 * | `hang` | no answer, ever |
 * | `cut` | half of the announced bytes, then the end |
 * | `drip[:<ms>]` | one byte every 200 ms |
 * | `endless` | a body that never ends |
 * | `http:<status>` | that status with an HTML page (500, 502, 503, 520 …) |
 * | `429[:<seconds>]` | HTTP 429 with a JSON error; with `Retry-After` when seconds are given |
 * | `html` · `empty` | HTTP 200 with a login page · with an empty body |
 * | `revoked` · `error:<text>` | `{"error":"Invalid API key"}` · that error |
 * | `truncated` · `bom` | half of the JSON text, with the right length · a byte order mark before the JSON |
 * | `duplicate` | `add` answers with the id of the previous order |
 * | `noid` | `add` answers `{"status":"success"}`: neither an order nor an error |
 * | `types` | numbers instead of strings, and strings instead of numbers |
 * | `nulls` | charge, start_count and remains are null |
 * | `remains:<text>` | that remains ("Unknown", "-5", "999999") |
 * | `sawtooth` | remains goes up and down from call to call |
 * | `word[:<text>]` | an unknown status word |
 * | `missing` · `badrow` | the order is not in the answer · its row is a bare string |
 * | `foreign` | beside the real rows, rows of an order that was not asked about |
 */
export type Fault =
  | {
      readonly layer: 'wire';
      /** Whether the fault spoils a real answer, so that the request is carried out first. */
      readonly answered?: true;
      readonly play: (outgoing: ServerResponse, body: string, argument: string) => void;
    }
  | { readonly layer: 'answer'; readonly answer: (argument: string) => Answer }
  | { readonly layer: 'body'; readonly spoil: (body: string) => string }
  | { readonly layer: 'add'; readonly spoil: (order: number) => unknown }
  | {
      readonly layer: 'row';
      readonly spoil: (id: string, row: StatusRow, argument: string, call: number) => [string, unknown][];
    };

export interface Answer {
  readonly status: number;
  readonly type: 'application/json' | 'text/html; charset=UTF-8';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export type StatusRow = Readonly<Record<string, unknown>>;

const json = (value: unknown): Answer => ({ status: 200, type: 'application/json', body: JSON.stringify(value) });
const page = (status: number, title: string): Answer => ({
  status,
  type: 'text/html; charset=UTF-8',
  body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
});

/** Calls `step` until the connection is closed, so that no timer outlives its call. */
function whileOpen(outgoing: ServerResponse, everyMs: number, step: () => void): NodeJS.Timeout {
  const timer = setInterval(step, everyMs);
  outgoing.once('close', () => clearInterval(timer));
  return timer;
}

const CHUNK = ' '.repeat(16_384);

export const FAULTS: Readonly<Record<string, Fault>> = {
  drop: { layer: 'wire', play: (outgoing) => void outgoing.socket?.destroy() },
  reset: { layer: 'wire', play: (outgoing) => void outgoing.socket?.resetAndDestroy() },
  hang: { layer: 'wire', play: () => undefined },
  cut: {
    layer: 'wire',
    answered: true,
    play: (outgoing, body) => {
      outgoing.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      outgoing.write(body.slice(0, Math.ceil(body.length / 2)), () => outgoing.socket?.destroy());
    },
  },
  drip: {
    layer: 'wire',
    answered: true,
    play: (outgoing, body, ms) => {
      outgoing.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      const bytes = Buffer.from(body);
      let sent = 0;
      const timer = whileOpen(outgoing, Number(ms) || 200, () => {
        outgoing.write(bytes.subarray(sent, ++sent));
        if (sent < bytes.length) return;
        clearInterval(timer);
        outgoing.end();
      });
    },
  },
  endless: {
    layer: 'wire',
    play: (outgoing) => {
      outgoing.writeHead(200, { 'Content-Type': 'application/json' });
      outgoing.write('[');
      // Writes only as fast as the caller reads. The endless body is to test the caller, not this process's memory.
      whileOpen(outgoing, 5, () => {
        if (!outgoing.writableNeedDrain) outgoing.write(CHUNK);
      });
    },
  },
  http: { layer: 'answer', answer: (status) => page(Number(status) || 500, `Error ${Number(status) || 500}`) },
  429: {
    layer: 'answer',
    answer: (seconds) => ({
      ...json({ error: 'Rate limit exceeded' }),
      status: 429,
      ...(seconds === '' ? {} : { headers: { 'Retry-After': seconds } }),
    }),
  },
  html: { layer: 'answer', answer: () => page(200, 'Sign in') },
  empty: { layer: 'answer', answer: () => ({ status: 200, type: 'application/json', body: '' }) },
  revoked: { layer: 'answer', answer: () => json({ error: 'Invalid API key' }) },
  error: { layer: 'answer', answer: (text) => json({ error: text }) },
  truncated: { layer: 'body', spoil: (body) => body.slice(0, Math.ceil(body.length / 2)) },
  bom: { layer: 'body', spoil: (body) => `\uFEFF${body}` },
  duplicate: { layer: 'add', spoil: (order) => ({ order: order - 1 }) },
  noid: { layer: 'add', spoil: () => ({ status: 'success' }) },
  types: { layer: 'row', spoil: (id, row) => [[id, retyped(row)]] },
  nulls: { layer: 'row', spoil: (id, row) => [[id, { ...row, charge: null, start_count: null, remains: null }]] },
  remains: { layer: 'row', spoil: (id, row, text) => [[id, { ...row, remains: text }]] },
  sawtooth: {
    layer: 'row',
    spoil: (id, row, _argument, call) => {
      const up = call % 2 === 0 ? 7 : 0;
      return [[id, { ...row, remains: String(Number(row.remains) + up) }]];
    },
  },
  word: { layer: 'row', spoil: (id, row, text) => [[id, { ...row, status: text || 'Awaiting moderation' }]] },
  missing: { layer: 'row', spoil: () => [] },
  badrow: { layer: 'row', spoil: (id) => [[id, 'Incorrect order ID']] },
  foreign: {
    layer: 'row',
    spoil: (id, row) => [
      [id, row],
      [String(Number(id) + 1_000_000), { ...row, status: 'Completed', remains: '0' }],
    ],
  },
};

/** Turns text that is a number into a number, and numbers into text. */
export const retyped = (row: StatusRow): StatusRow =>
  Object.fromEntries(
    Object.entries(row).map(([field, value]) => {
      if (typeof value === 'number') return [field, String(value)];
      return [field, typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value];
    }),
  );

/** A parsed fault: `accept-drop`, `429:5`, `drop@status`, `drop*2` (only the first two calls). */
export interface FaultSpec {
  readonly text: string;
  readonly fault: Fault;
  readonly name: string;
  readonly argument: string;
  /** Whether the request is carried out first. */
  readonly accept: boolean;
  readonly action: string;
  readonly times: number;
}

/**
 * Parses a fault; `undefined` when there is no fault of that name. Without `@<action>`, row faults apply to `status` and all
 * others to `add`.
 */
export function readFault(text: string): FaultSpec | undefined {
  const [, prefix, name = '', argument = '', action, times] =
    /^(accept-)?([a-z0-9]+)(?::([^@*]*))?(?:@([a-z_]+))?(?:\*(\d+))?$/.exec(text) ?? [];
  const fault = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
  if (fault === undefined) return undefined;
  const spoils = fault.layer === 'wire' ? fault.answered === true : fault.layer !== 'answer';
  return {
    text,
    fault,
    name,
    argument,
    accept: prefix !== undefined || spoils,
    action: action ?? (fault.layer === 'row' ? 'status' : 'add'),
    times: times === undefined ? Number.POSITIVE_INFINITY : Number(times),
  };
}
