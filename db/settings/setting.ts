import { z } from 'zod';

/** What docs/configure.md says about a setting, beside its name and its default. */
export interface SettingNote {
  /** What it may be, such as `number` or `true or false`. */
  readonly type: string;
  /** One sentence in Markdown. */
  readonly meaning: string;
  /** Whether it must not be shown to anyone. */
  readonly isSecret: boolean;
}

/** The notes of all settings. `npm run settings` writes the tables of docs/configure.md from them. */
export const settingNotes = z.registry<SettingNote>();

/** A setting with its note. The schema is the setting's own: two settings with one schema would share a note. */
export function setting<T extends z.ZodType>(
  schema: T,
  type: string,
  meaning: string,
  { isSecret = false }: { readonly isSecret?: boolean } = {},
): T {
  settingNotes.add(schema, { type, meaning, isSecret });
  return schema;
}

export const secret = { isSecret: true } as const;

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** An optional setting. An empty text counts as absent, because compose files pass one for a variable that is not set. */
export const optionally = <T extends z.ZodType>(schema: T) =>
  z
    .literal('')
    .transform(() => undefined)
    .or(schema)
    .optional();

const path = optionally(z.string());

/** A setting that is given as its value or, in `<name>_FILE`, as the file that has it. */
export const valueOrFile = <N extends string, T extends z.ZodType>(name: N, schema: T) =>
  ({ [name]: schema, [`${name}_FILE`]: path }) as Record<N, T> & Record<`${N}_FILE`, typeof path>;
