/** The part of JSON schema that this API uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly items?: unknown;
  readonly additionalProperties?: unknown;
  readonly oneOf?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** Deeper than any schema of this API. */
const DEEPEST = 12;

/** A schema as text for a person: the fields of an object with their types, optional fields with a question mark. */
export function typeText(given: unknown, depth = 0): string {
  const schema = (given ?? {}) as Schema;
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return choices.map((choice) => typeText(choice, depth + 1)).join(' | ');
  if (depth > DEEPEST) return '…';
  if (schema.items !== undefined) return `[${typeText(schema.items, depth)}]`;
  if (schema.properties !== undefined) return objectText(schema, depth);
  return `${[schema.type ?? 'anything'].flat().join(' | ')}${limitsText(schema)}`;
}

function limitsText({ format, minimum, maximum, maxLength }: Schema): string {
  const limits = [
    format,
    minimum === undefined ? undefined : `from ${minimum}`,
    maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : `to ${maximum}`,
    maxLength === undefined ? undefined : `at most ${maxLength} characters`,
  ].filter((part) => part !== undefined);
  return limits.length === 0 ? '' : ` (${limits.join(', ')})`;
}

function objectText({ properties = {}, required = [] }: Schema, depth: number): string {
  const indent = '  '.repeat(depth + 1);
  const lines = Object.entries(properties).map(([name, schema]) => {
    const { description } = schema as Schema;
    const note = description === undefined ? '' : `  – ${description}`;
    return `${indent}${name}${required.includes(name) ? '' : '?'}: ${typeText(schema, depth + 1)}${note}`;
  });
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}
