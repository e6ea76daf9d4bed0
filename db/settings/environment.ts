import { readFileSync } from 'node:fs';
import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is missing or wrong. The message names it, and never its value. */
export class WrongEnvironment extends Error {
  override readonly name = 'WrongEnvironment';
  constructor(wrong: readonly string[]) {
    super(`environment variables are missing or wrong:\n  ${wrong.join('\n  ')}`);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

/** The text in a file, without the line break at its end. */
export const readFileText = (path: string): string => readFileSync(path, 'utf8').trimEnd();

/**
 * An environment in which each `<name>_FILE` has put the text of its file into `<name>`.
 * @throws WrongEnvironment for a file that cannot be read or is empty, and for a setting that is given twice.
 */
function withFiles(names: readonly string[], environment: Environment): Environment {
  const whole: Record<string, string | undefined> = { ...environment };
  const wrong: string[] = [];
  for (const name of names) {
    const variable = `${name}_FILE`;
    const path = environment[variable];
    if (!names.includes(variable) || !path) continue;
    if (environment[name]) wrong.push(`${variable}: ${name} is set too; set one of the two`);
    try {
      whole[name] = readFileText(path);
      // An empty text would count as a setting that is absent, and a connection would go without its key.
      if (whole[name] === '') wrong.push(`${variable}: the file is empty`);
    } catch (error) {
      wrong.push(`${variable}: the file cannot be read (${codeOf(error)})`);
    }
  }
  if (wrong.length > 0) throw new WrongEnvironment(wrong);
  return whole;
}

/**
 * The text of one setting, or of the file that `<name>_FILE` names; undefined when neither is set.
 * @throws WrongEnvironment for a file that cannot be read or is empty, and for a setting that is given twice.
 */
export const textOf = (environment: Environment, name: string): string | undefined =>
  withFiles([name, `${name}_FILE`], environment)[name] || undefined;

/**
 * Reads an environment, and the files that it names, by a schema.
 * @throws WrongEnvironment naming each variable that is missing or wrong, never its value.
 */
export function readEnvironment<S extends z.ZodRawShape>(
  schema: z.ZodObject<S>,
  environment: Environment,
): z.output<z.ZodObject<S>> {
  const result = schema.safeParse(withFiles(Object.keys(schema.shape), environment));
  if (result.success) return result.data;
  throw new WrongEnvironment(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}
