import { type ErrorCode, Refusal } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { saysNothing } from '../text/nothing.ts';
import { linesIn } from './lines.ts';

/**
 * The order fields beside link and quantity, by the names of panel API v2 (source: the contract page of the field, section 1.3).
 * Each value is text and may be private: it stays in PostgreSQL, and no error quotes it.
 */
interface FieldKind {
  /** `lines`: one item a line; empty lines do not count. */
  readonly shape: 'lines' | 'text' | 'number' | 'date';
  /** What the field may contain, as a sentence for the caller. */
  readonly says: string;
  /** Reads the value into the form that is stored and sent; undefined when the value is invalid. */
  readonly read: (text: string) => string | undefined;
}

/** Control characters and lone surrogates. Tabs are allowed, because people type them. */
const UNWRITABLE = /[^\P{Cc}\t]|\p{Cs}/u;

/** The first `LIMITS.lines + 1` non-empty lines of a text. The extra line shows the caller that the text has too many. */
export const linesOf = (text: string): string[] => linesIn(text, LIMITS.lines + 1).map((line) => line.text);

const lines: FieldKind = {
  shape: 'lines',
  says: `one a line, at most ${LIMITS.lines} of ${LIMITS.lineLength} characters each`,
  read: (text) => {
    const items = linesOf(text);
    const usable = items.every((item) => item.length <= LIMITS.lineLength && !UNWRITABLE.test(item));
    return usable && items.length > 0 && items.length <= LIMITS.lines ? items.join('\n') : undefined;
  },
};

const text: FieldKind = {
  shape: 'text',
  says: `one line of at most ${LIMITS.lineLength} characters`,
  read: (given) => (given.length <= LIMITS.lineLength && !UNWRITABLE.test(given) ? given : undefined),
};

const number = (least: number, most: number, among?: readonly number[]): FieldKind => ({
  shape: 'number',
  says: among === undefined ? `a whole number from ${least} to ${most}` : `one of ${among.join(', ')}`,
  read: (given) => {
    const value = /^\d{1,15}$/.test(given) ? Number(given) : -1;
    return value >= least && value <= most && (among?.includes(value) ?? true) ? String(value) : undefined;
  },
});

/** A date as `d/m/Y` that exists in the calendar. */
const date: FieldKind = {
  shape: 'date',
  says: 'a date as d/m/Y',
  read: (given) => {
    const [, day, month, year] = (/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(given) ?? []).map(Number);
    if (day === undefined || month === undefined || year === undefined) return undefined;
    const moment = new Date(Date.UTC(year, month - 1, day));
    return moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day ? given : undefined;
  },
};

/** Allowed delays, in minutes from a new post to its first item. */
const DELAYS = [
  0, 5, 10, 15, 20, 30, 40, 50, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600,
] as const;

export const FIELDS = {
  keywords: lines,
  comments: lines,
  usernames: lines,
  hashtags: lines,
  groups: lines,
  hashtag: text,
  username: text,
  media: text,
  answer_number: number(1, 1_000),
  country: text,
  device: number(1, 5),
  type_of_traffic: number(1, 3),
  google_keyword: text,
  referring_url: text,
  min: number(1, LIMITS.quantity),
  max: number(1, LIMITS.quantity),
  posts: number(1, LIMITS.posts),
  old_posts: number(1, LIMITS.posts),
  delay: number(0, 600, DELAYS),
  expiry: date,
} as const satisfies Record<string, FieldKind>;

export type FieldName = keyof typeof FIELDS;

/** The fields of an order, as they are stored and sent to providers. */
export type OrderFields = Readonly<Partial<Record<FieldName, string>>>;

export const isFieldName = (name: string): name is FieldName => Object.hasOwn(FIELDS, name);

export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

/** The fault `invalid_<field>`, with `why` or with what the field may contain. */
export function fieldFault(name: FieldName, why: string = FIELDS[name].says): Refusal {
  const code: ErrorCode = `invalid_${name}`;
  return new Refusal(code, `${name}: ${why}`);
}

/**
 * Whether a word for nothing, such as `undefined`, can be a real value of the field: of a comment or a name it can, of a number
 * or a date it cannot.
 */
export const mayBeAnyWord = (name: FieldName): boolean =>
  FIELDS[name].shape === 'text' || FIELDS[name].shape === 'lines';

/** The fields of an order that are valid, and a fault for each field that is missing, invalid or not of the order's type. */
export interface JudgedFields {
  readonly fields: OrderFields;
  /** `invalid_<field>` and `unexpected_field`. */
  readonly faults: readonly Refusal[];
}

/**
 * Reads the fields of an order from `given`. Some clients send the fields of every type with every order, empty, 0, or as a word
 * for nothing, so such values count as not given. A required text is an exception: there any word is taken as its value.
 */
export function judgeFields(
  given: Readonly<Record<string, string>>,
  needed: readonly FieldName[],
  optional: readonly FieldName[],
): JudgedFields {
  const fields: Partial<Record<FieldName, string>> = {};
  const faults: Refusal[] = [];
  for (const name of [...needed, ...optional]) {
    const kind: FieldKind = FIELDS[name];
    const said = (given[name] ?? '').trim();
    const nothing =
      said === '' ||
      (said === '0' && kind.shape === 'number' && kind.read('0') === undefined) ||
      (saysNothing(said) && !(mayBeAnyWord(name) && needed.includes(name)));
    if (nothing) {
      if (needed.includes(name)) faults.push(fieldFault(name, `is required: ${kind.says}`));
      continue;
    }
    const value = kind.read(said);
    if (value === undefined) faults.push(fieldFault(name));
    else fields[name] = value;
  }
  for (const [name, said] of Object.entries(given)) {
    const taken = isFieldName(name) && (needed.includes(name) || optional.includes(name));
    if (!taken && said.trim() !== '0' && !saysNothing(said))
      faults.push(new Refusal('unexpected_field', isFieldName(name) ? name : undefined));
  }
  return { fields, faults };
}
