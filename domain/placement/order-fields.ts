import { type ErrorCode, Refusal } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { saysNothing } from '../text/nothing.ts';
import { linesIn } from './lines.ts';

/**
 * What orders of some types have beside link and quantity, by the names of panel API v2 (source: the field's contract page,
 * section 1.3). All of it is text; it may be private, so it stays in PostgreSQL and what is said of it never quotes it.
 */
interface FieldKind {
  /** `lines`: one item a line; empty lines do not count. */
  readonly shape: 'lines' | 'text' | 'number' | 'date';
  /** For a person: what may be in it. */
  readonly says: string;
  /** The field as it is kept and sent; undefined when it cannot be used. */
  readonly read: (text: string) => string | undefined;
}

/** Control characters and halves of characters; a tab is what people type. */
const UNWRITABLE = /[^\P{Cc}\t]|\p{Cs}/u;

/** The items of a list: one a line, without the empty ones; of a longer list than any may be, one too many. */
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

/** `d/m/Y`; a day that the calendar has. */
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

/** Minutes from a new post to the first item for it. */
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

/** The fields of an order, as they are kept and sent upstream. */
export type OrderFields = Readonly<Partial<Record<FieldName, string>>>;

export const isFieldName = (name: string): name is FieldName => Object.hasOwn(FIELDS, name);

export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

/** @throws Refusal of the field, with what may be in it or with `why`. */
export function refuseField(name: FieldName, why: string = FIELDS[name].says): never {
  const code: ErrorCode = `invalid_${name}`;
  throw new Refusal(code, `${name}: ${why}`);
}

/**
 * Whether a word for nothing, like `undefined`, may be what a field says: a comment can be that, or a name; a number or a date
 * cannot.
 */
export const mayBeAnyWord = (name: FieldName): boolean =>
  FIELDS[name].shape === 'text' || FIELDS[name].shape === 'lines';

/**
 * What of `given` an order with these fields keeps. Clients send the fields of every type with every order, empty, 0, or as
 * their language writes nothing, so these count as not given; a text that is needed is taken at its word.
 * @throws Refusal `unexpected_field`, or `invalid_<field>` for the first that is missing or cannot be used.
 */
export function readFields(
  given: Readonly<Record<string, string>>,
  needed: readonly FieldName[],
  optional: readonly FieldName[],
): OrderFields {
  const fields: Partial<Record<FieldName, string>> = {};
  for (const name of [...needed, ...optional]) {
    const kind: FieldKind = FIELDS[name];
    const said = (given[name] ?? '').trim();
    const nothing =
      said === '' ||
      (said === '0' && kind.shape === 'number' && kind.read('0') === undefined) ||
      (saysNothing(said) && !(mayBeAnyWord(name) && needed.includes(name)));
    if (nothing) {
      if (needed.includes(name)) refuseField(name, `is needed: ${kind.says}`);
      continue;
    }
    fields[name] = kind.read(said) ?? refuseField(name);
  }
  for (const [name, said] of Object.entries(given)) {
    const taken = isFieldName(name) && (needed.includes(name) || optional.includes(name));
    if (!taken && said.trim() !== '0' && !saysNothing(said))
      throw new Refusal('unexpected_field', isFieldName(name) ? name : undefined);
  }
  return fields;
}
