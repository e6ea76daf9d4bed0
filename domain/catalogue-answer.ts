import type { CatalogueRow } from './catalogue.ts';
import { meaningOfError } from './dispatch.ts';
import { LIMITS } from './limits.ts';
import { isObject, type Json, parseLoosely, readDecimal, readId, readInteger } from './loose-json.ts';
import { wordKey } from './provider-words.ts';
import { SERVICE_TYPES } from './service-types.ts';

/** The answer to `services`, row by row. `unread`: nothing can be taken from it, and why. */
export type CatalogueAnswer =
  | {
      readonly kind: 'read';
      readonly rows: readonly CatalogueRow[];
      /** Rows without an id, or with the id of a row before. */
      readonly unreadable: number;
    }
  | { readonly kind: 'unread'; readonly why: string };

const OURS = new Map(Object.keys(SERVICE_TYPES).map((type) => [wordKey(type), type]));

/** Control characters, halves of characters, and what turns the direction of a text around. */
const UNSEEN = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** A provider's words as one line that can be shown and kept. */
export function plainText(value: unknown, most: number): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  // What is much longer is cut before it is looked at.
  const line = String(value)
    .slice(0, most * 4)
    .replace(UNSEEN, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}

/** `0.90`, `00.9` and `.9` written by a provider are one rate. */
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

function readRow(row: Json): CatalogueRow | undefined {
  const service = readId(row.service);
  if (service === undefined) return undefined;
  const word = plainText(row.type, LIMITS.name);
  return {
    service,
    name: plainText(row.name, LIMITS.name),
    category: plainText(row.category, LIMITS.name),
    type: OURS.get(wordKey(word)) ?? word,
    rate: plainRate(row.rate),
    min: count(row.min),
    max: count(row.max),
    dripFeed: flag(row.dripfeed),
    refill: flag(row.refill),
    cancel: flag(row.cancel),
  };
}

const unread = (why: string): CatalogueAnswer => ({ kind: 'unread', why });

/** Without the provider's words. */
function whyNoList(answer: unknown): string {
  if (!isObject(answer) || !('error' in answer)) return 'its answer is not a list';
  const meaning = typeof answer.error === 'string' ? meaningOfError(answer.error) : undefined;
  return `it answered with an error${meaning === undefined ? '' : ` (${meaning})`}`;
}

/** Every row is read on its own: an odd one stops no other. An answer without any row is none: it may be an error. */
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
