/** The part of a JSON schema that the samples follow. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
}

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
}

/** The part of an OpenAPI document that the samples follow. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Which of the possible values samples have. */
export interface Variant {
  /** Whether values that can be null are null. */
  readonly isNull: boolean;
  /** Every boolean. */
  readonly flag: boolean;
  /** Which word of an enum, from 0; counted round when there are fewer. */
  readonly word: number;
}

const TEXTS = ['1', '1.5', 'a', 'hf_0', 'evt_1', 'https://example.com/1'];

function textOf({ format, pattern }: Schema): string {
  if (format === 'date-time') return '2026-11-01T00:00:00Z';
  if (format === 'date') return '2026-11-01';
  return TEXTS.find((text) => pattern === undefined || new RegExp(pattern, 'u').test(text)) ?? '1';
}

/** A value that fits the schema, with all fields of its objects and one entry in its lists. */
function sampleOf(schema: Schema, document: ApiDocument, variant: Variant): unknown {
  const again = (part: Schema) => sampleOf(part, document, variant);
  const { $ref, anyOf, oneOf, allOf, properties = {}, items } = schema;
  if ($ref !== undefined) return again(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  if (allOf !== undefined) return Object.assign({}, ...allOf.map(again));
  const types = [schema.type ?? 'object'].flat();
  const choices = anyOf ?? oneOf ?? [];
  const canBeNull = types.includes('null') || choices.some(({ type }) => type === 'null');
  if (canBeNull && variant.isNull) return null;
  if (choices.length > 0) return again(choices.find(({ type }) => type !== 'null') ?? {});
  if (schema.const !== undefined) return schema.const;
  const words = schema.enum?.filter((word) => word !== null) ?? [];
  if (words.length > 0) return words[variant.word % words.length];
  switch (types.find((type) => type !== 'null')) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return variant.flag;
    case 'array':
      return [again(items ?? {})];
    default:
      return Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, again(part)]));
  }
}

/** An answer of the route `GET /v1/orders/:id` that succeeds, as the document describes it; undefined when it has no body. */
export function sampleAnswer(document: ApiDocument, route: string, variant: Variant): unknown {
  const [method = '', path = ''] = route.split(' ');
  const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  const [, answer] = Object.entries(operation?.responses ?? {}).find(([status]) => status.startsWith('2')) ?? [];
  const schema = answer?.content?.['application/json']?.schema;
  return schema === undefined ? undefined : sampleOf(schema, document, variant);
}
