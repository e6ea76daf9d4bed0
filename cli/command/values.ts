import { InvalidArgumentError } from 'commander';

/** Reads an id: a whole number from 1 on. */
export function id(text: string): number {
  const value = Number(text);
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return value;
}

/** Reads a whole number from 0 on. */
export function count(text: string): number {
  return text === '0' ? 0 : id(text);
}

/** Reads a decimal number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** Reads an option that can be given again and again: `name=value`, each name once. */
export function pair(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be name=value.');
  const name = text.slice(0, at);
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...before, [name]: text.slice(at + 1) };
}

/** The argument of a command that is about one order, for `command.argument(...ORDER)`. */
export const ORDER = ['<order>', 'id of the order', id] as const;

/** The order of a command whose first argument is `ORDER`. */
export const orderOf = (args: readonly string[]): number => Number(args[0]);
