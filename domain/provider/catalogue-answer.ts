import type { CatalogueRow } from '../catalogue/changes.ts';
import { serviceTypeOf } from '../catalogue/service-type-words.ts';
import { meaningOfError } from '../dispatch/outcome.ts';
import { LIMITS } from '../limits.ts';
import { isObject, type Json, parseLoosely, readDecimal, readId, readInteger } from '../text/loose-json.ts';
import { storable } from '../text/storable.ts';

/** The answer to `services`, row by row. `unread`: the answer cannot be used, and why. */
export type CatalogueAnswer =
  | {
      readonly kind: 'read';
      readonly rows: readonly CatalogueRow[];
      /** Rows without an id, or with the id of an earlier row. */
      readonly unreadable: number;
    }
  | { readonly kind: 'unread'; readonly why: string };

/** A provider's text as one line of at most `most` characters that can be stored and shown. */
export function plainText(value: unknown, most: number): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  // Cut a long text before replacing anything in it, so that its length costs nothing.
  const line = storable(String(value), most * 4).replace(/\s+/g, ' ');
  return storable(line, most);
}

/** A rate in its shortest form: `0.90`, `00.9` and `.9` are the same rate. */
function plainRate(value: unknown): string | null {
  const text = readDecimal(typeof value === 'string' ? value.trim().replace(/^\./, '0.') : value);
  if (text === null) return null;
  const [whole = '0', fraction = ''] = text.split('.');
  const digits = fraction.replace(/0+$/, '');
  return `${whole.replace(/^0+(?=\d)/, '')}${digits === '' ? '' : `.${digits}`}`;
}

const YES: readonly unknown[] = [true, 1, '1', 'true', 'yes'];
const flag = (value: unknown): boolean => YES.includes(typeof value === 'string' ? value.toLowerCase() : value);

function count(value: unknown): number | null {
  const number = readInteger(value);
  return number === null || number < 0 ? null : number;
}

/** The names that catalogues use for the step of quantities. There is no standard. */
const STEPS = [
  'step',
  'quantity_step',
  'step_quantity',
  'quantityStep',
  'multiple',
  'multiple_of',
  'multipleOf',
  'multiplicity',
  'increment',
];

/** The step of quantities; null when the row has none or any quantity is accepted. */
function stepOf(row: Json): number | null {
  const said = STEPS.map((name) => (Object.hasOwn(row, name) ? count(row[name]) : null)).find((step) => step !== null);
  return said == null || said <= 1 || said > LIMITS.quantity ? null : said;
}

function readRow(row: Json): CatalogueRow | undefined {
  const service = readId(row.service);
  if (service === undefined) return undefined;
  const word = plainText(row.type, LIMITS.name);
  return {
    service,
    name: plainText(row.name, LIMITS.name),
    category: plainText(row.category, LIMITS.name),
    type: serviceTypeOf(word) ?? word,
    rate: plainRate(row.rate),
    min: count(row.min),
    max: count(row.max),
    step: stepOf(row),
    dripFeed: flag(row.dripfeed),
    refill: flag(row.refill),
    cancel: flag(row.cancel),
  };
}

const unread = (why: string): CatalogueAnswer => ({ kind: 'unread', why });

/** Why an answer is not a list, without quoting the provider. */
function whyNoList(answer: unknown): string {
  if (!isObject(answer) || !('error' in answer)) return 'its answer is not a list';
  const meaning = typeof answer.error === 'string' ? meaningOfError(answer.error) : undefined;
  return `it answered with an error${meaning === undefined ? '' : ` (${meaning})`}`;
}

/**
 * Reads each row on its own, so that an odd row spoils no other. An answer without a readable row is unread: it may be an error.
 */
export function readServicesAnswer(status: number, body: string): CatalogueAnswer {
  if (status < 200 || status >= 300) return unread(`HTTP ${status}`);
  const answer = parseLoosely(body, LIMITS.catalogueItems);
  if (!Array.isArray(answer)) {
    return unread(whyNoList(answer));
  }
  if (answer.length > LIMITS.catalogueServices) {
    return unread(`it has ${answer.length} services, more than ${LIMITS.catalogueServices}`);
  }
  const rows = new Map<string, CatalogueRow>();
  for (const each of answer) {
    const row = isObject(each) ? readRow(each) : undefined;
    if (row !== undefined && !rows.has(row.service)) rows.set(row.service, row);
  }
  if (rows.size === 0) return unread('there is no service in its answer');
  return { kind: 'read', rows: [...rows.values()], unreadable: answer.length - rows.size };
}
