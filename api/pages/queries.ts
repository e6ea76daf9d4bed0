import { readId } from '../v1/ids.ts';
import { queryOf, type Visit } from './page.ts';

/** The word of a list of words; undefined for any other text. */
export const oneOf = <T extends string>(words: readonly T[], text: string | undefined): T | undefined =>
  words.find((word) => word === text);

/** An id in the page's address; 0, which nothing has, for text that is no id; undefined without one. */
export function idQuery(visit: Visit, name: string): number | undefined {
  const text = queryOf(visit, name);
  return text === undefined ? undefined : (readId(text) ?? 0);
}

/** The ids of all fields or parameters with a name, each once. */
export const idsOf = (values: readonly unknown[]): number[] => [
  ...new Set(values.flatMap((value) => (typeof value === 'string' ? (readId(value) ?? []) : []))),
];

/** Without the members that are undefined. */
export const given = <T extends object>(all: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

/** A number as it was typed; NaN, which v1 refuses, for an empty field. */
export const numberOf = (text: string): number => (text === '' ? Number.NaN : Number(text));
