import type { ApiContext } from '../../api/http/context.ts';
import { fieldErrors } from '../../api/http/field-errors.ts';
import { canonicalJson } from '../../api/idempotency/fingerprint.ts';
import { idempotencyKey } from '../../api/idempotency/idempotency.ts';
import { addRequest } from '../../api/panel-v2/add.ts';
import { openCall } from '../../api/panel-v2/fields.ts';
import { askedIds } from '../../api/panel-v2/reads.ts';
import { orderBody } from '../../api/placement/order-body.ts';
import { jsonLines, judgeLine, type OrderLine, textLines } from '../../api/placement/order-lines.ts';
import { decodeCursor } from '../../api/v1/cursor.ts';
import { readId } from '../../api/v1/ids.ts';
import { acceptsLink, acceptsName, linkKey } from '../../domain/catalogue/link.ts';
import { costRate, parsePercent } from '../../domain/catalogue/mark-up.ts';
import { judgeReadFields, readFieldsOf } from '../../domain/catalogue/service-types.ts';
import { readListedOrders } from '../../domain/dispatch/order-listing.ts';
import { meaningOfError } from '../../domain/dispatch/outcome.ts';
import { Refusal } from '../../domain/errors.ts';
import { costFromProvider, parseMoney, parseRate } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { FIELD_NAMES } from '../../domain/placement/order-fields.ts';
import {
  isSpoiled,
  readAddAnswer,
  readCancelAnswer,
  readCountAnswer,
  readRefillAnswer,
  readRefillReports,
  readRetryAfter,
  readStatusAnswer,
} from '../../domain/provider/answers.ts';
import { readBalanceAnswer } from '../../domain/provider/balance.ts';
import { readServicesAnswer } from '../../domain/provider/catalogue-answer.ts';
import { knownMeaning, USUAL_PROFILE } from '../../domain/provider/profile.ts';
import { readJson } from '../../domain/text/json-text.ts';
import { cleanText } from '../../domain/text/storable.ts';
import { readEventName, retryAfterOf } from '../../domain/webhook/webhooks.ts';
import { isRecent, isSignedWith } from '../../net/signature.ts';
import { panelCall } from '../../test/support/peers/panel-call.ts';
import { jsonShapes, jsonText, plainShapes, type Shape } from './shapes.ts';

/** A parser of text from outside, and the most bytes it is given. */
export interface Parser {
  readonly name: string;
  readonly limit: number;
  readonly shapes: readonly Shape[];
  /** Milliseconds of CPU allowed, when the default is too low. */
  readonly allowed?: number;
  /** Reads the text. A refused text counts too. */
  readonly read: (text: string) => unknown;
}

async function readCall(c: ApiContext): Promise<void> {
  const call = await openCall(c);
  call.peek('key');
  const fields = call.fields();
  askedIds(fields, 'order');
  addRequest(fields);
}

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=x';

const asFormValue = ({ name, of }: Shape): Shape => ({
  name: `a value of ${name}`,
  of: (bytes) => `key=a&action=add&comments${new URLSearchParams({ '': of(Math.floor(bytes / 6)) })}`,
});
const asPart = ({ name, of }: Shape): Shape => ({
  name: `a part of ${name}`,
  of: (bytes) => `--x\r\nContent-Disposition: form-data; name="comments"\r\n\r\n${of(bytes - 70)}\r\n--x--\r\n`,
});
const asHead = ({ name, of }: Shape): Shape => ({
  name: `parts with a head of ${name}`,
  of: (bytes) => `--x\r\nContent-Disposition: form-data; ${of(1_500)}\r\n\r\na\r\n`.repeat(Math.floor(bytes / 1_600)),
});

/** Judges each line: its errors, or the order it asks for. */
const readLines = (lines: readonly OrderLine[]): void => {
  if (lines.length > LIMITS.listLines) return;
  canonicalJson(lines);
  lines.forEach(judgeLine);
};

/** Runs `work` and ignores a Refusal, which is a normal result here. */
function refused(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function readOrder(text: string): void {
  const read = readJson(text, { depth: LIMITS.jsonDepth, items: LIMITS.jsonItems });
  if ('fault' in read) return;
  const order = orderBody.safeParse(read.value);
  if (!order.success) fieldErrors(order.error);
  canonicalJson(read.value);
}

const IDS = Array.from({ length: LIMITS.statusCallIds }, (_, at) => String(at + 1));
const PROFILE = {
  ...USUAL_PROFILE,
  definiteErrors: Array.from({ length: 100 }, (_, at) => ({ text: `a text ${at}`, means: 'refused' as const })),
};
const LISTED = [...jsonText('[{"order":1,"created":', '}]'), ...jsonText('[{"order":1,"link":', '}]')];
const LIMITS_OF_POSTS = { min: 1, max: LIMITS.quantity, unlimitedPosts: 100 };

/** The types with the most fields of each kind. */
const TYPES = ['Comment Replies', 'Subscriptions', 'Web Traffic'] as const;

function readFieldsOfAll(text: string): void {
  const given = Object.fromEntries(FIELD_NAMES.map((name) => [name, text]));
  for (const type of TYPES) judgeReadFields(type, readFieldsOf(type, given), LIMITS_OF_POSTS);
}

function readSmall(text: string): void {
  for (const read of [parseMoney, parseRate, parsePercent, costRate, costFromProvider, readId, readEventName])
    read(text);
  for (const read of [idempotencyKey, decodeCursor]) refused(() => read(text));
  readRetryAfter(text, 0);
  retryAfterOf(429, text, 0);
  isRecent(text, 0);
  meaningOfError(text);
  knownMeaning(PROFILE, text.slice(0, LIMITS.providerText));
  cleanText(text);
}

function readLink(text: string): void {
  for (const pattern of [null, '@\\w+', '(a|aa)*(b|bb)*c', '(.*)*x']) {
    acceptsLink(text, pattern);
    acceptsName(text, pattern);
  }
  linkKey(text.slice(0, LIMITS.link));
  linkKey(`https://a.b/${text.slice(0, LIMITS.link)}`);
}

const secret = Buffer.alloc(32);

export const PARSERS: readonly Parser[] = [
  {
    name: 'panel API v2: form',
    limit: LIMITS.body,
    shapes: [...plainShapes, ...plainShapes.map(asFormValue)],
    read: (text) => readCall(panelCall(text, FORM)),
  },
  {
    name: 'panel API v2: form in another charset',
    limit: LIMITS.body,
    shapes: plainShapes,
    read: (text) => readCall(panelCall(text, `${FORM}; charset=shift_jis`)),
  },
  {
    name: 'panel API v2: multipart',
    limit: LIMITS.body,
    shapes: [...plainShapes.flatMap((shape) => [asPart(shape), asHead(shape)]), ...plainShapes],
    read: (text) => readCall(panelCall(text, MULTIPART)),
  },
  {
    name: 'panel API v2: JSON',
    limit: LIMITS.body,
    shapes: [...jsonShapes(), ...jsonShapes('{"orders":', '}'), ...jsonText('{"comments":', '}'), ...plainShapes],
    read: (text) => readCall(panelCall(text, 'application/json')),
  },
  {
    name: 'panel API v2: query',
    limit: LIMITS.headers,
    shapes: plainShapes,
    read: (text) => readCall(panelCall('', FORM, `?${text}`)),
  },
  {
    name: 'panel API v2: ids',
    limit: LIMITS.body,
    shapes: plainShapes,
    read: (text) => askedIds(new Map([['orders', text]]), 'order'),
  },
  {
    name: 'REST v1: JSON',
    limit: LIMITS.body,
    shapes: [...jsonShapes(), ...jsonShapes('{"comments":', '}'), ...jsonText('{"comments":', '}')],
    read: readOrder,
  },
  {
    name: 'REST v1: list as text',
    limit: LIMITS.listBody,
    shapes: plainShapes,
    read: (text) => readLines(textLines(text)),
  },
  {
    name: 'REST v1: list as JSON',
    limit: LIMITS.listBody,
    shapes: [...jsonShapes('{"lines":', '}'), ...jsonText('{"lines":[', ']}')],
    read: (text) => {
      const read = readJson(text, { depth: LIMITS.jsonDepth, items: LIMITS.listItems });
      const list = 'value' in read ? jsonLines(read.value) : undefined;
      if (list !== undefined && 'lines' in list) readLines(list.lines);
    },
  },
  { name: 'fields of all types', limit: LIMITS.body, shapes: plainShapes, read: readFieldsOfAll },
  { name: 'links, names, their patterns', limit: LIMITS.link, shapes: plainShapes, read: readLink },
  { name: 'money, dates, ids, keys, errors', limit: LIMITS.body, shapes: plainShapes, read: readSmall },
  {
    name: 'signatures of callbacks',
    limit: LIMITS.headers,
    shapes: plainShapes,
    read: (signature) => isSignedWith(secret, { id: '1', timestamp: '1', body: new Uint8Array(1), signature }),
  },
  {
    name: 'provider: add, balance',
    limit: LIMITS.providerAnswer,
    shapes: [...jsonShapes(), ...['error', 'order', 'balance'].flatMap((name) => jsonText(`{"${name}":`, '}'))],
    read: (text) => {
      readAddAnswer(200, text, PROFILE);
      readBalanceAnswer(200, text);
    },
  },
  {
    name: 'provider: cancel, refill',
    limit: LIMITS.providerAnswer,
    shapes: [...jsonShapes(), ...jsonShapes('{"refill":', '}'), ...jsonText('{"error":', '}')],
    read: (text) => {
      readCancelAnswer(200, text);
      readRefillAnswer(200, text, IDS);
    },
  },
  {
    name: 'provider: status',
    limit: LIMITS.providerAnswer,
    shapes: [
      ...jsonShapes(),
      ...['status', 'remains', 'charge', 'start_count'].flatMap((name) =>
        jsonText(`{"1":{"status":"Partial","${name}":`, '}}'),
      ),
    ],
    read: (text) => {
      readStatusAnswer(200, text, IDS);
      isSpoiled(200, text);
    },
  },
  {
    name: 'provider: refill status',
    limit: LIMITS.providerAnswer,
    shapes: [...jsonShapes(), ...jsonText('[{"refill":1,"status":', '}]')],
    read: (text) => readRefillReports(200, text, IDS),
  },
  {
    name: 'provider: its orders',
    limit: LIMITS.providerAnswer,
    shapes: [...jsonShapes(), ...LISTED],
    read: (text) => {
      for (const { link } of readListedOrders(200, text)?.orders ?? []) if (link !== null) linkKey(link);
    },
  },
  {
    name: 'provider: its catalogue',
    limit: LIMITS.catalogueAnswer,
    // Eight mebibytes, read by a worker every quarter of an hour: 50 ms for each mebibyte.
    allowed: 400,
    shapes: [
      ...jsonShapes(),
      ...['T', ' ', '0', '\u202e'].map(
        (unit): Shape => ({
          name: `names of ${JSON.stringify(unit)}`,
          of: (bytes) =>
            `[${Array.from({ length: 1_000 }, (_, at) => `{"service":${at + 1},"name":"${unit.repeat((bytes - 90_000) / 1_000 / Buffer.byteLength(unit))}","rate":"1","min":1,"max":2,"type":"Default"}`)}]`,
        }),
      ),
    ],
    read: (text) => readServicesAnswer(200, text),
  },
  {
    name: 'counter: its answer',
    limit: LIMITS.counterAnswer,
    shapes: [...jsonShapes(), ...jsonText('{"count":', '}')],
    read: (text) => readCountAnswer(200, text),
  },
];
