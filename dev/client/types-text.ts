import { type ApiDocument, type Operation, operationsOf } from '../../api/openapi/document.ts';
import { isErrorCode } from '../../domain/errors.ts';

/** A JSON schema as far as the document uses it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
}

const isErrorCodes = (values: readonly unknown[]): boolean =>
  values.every((value) => typeof value === 'string' && isErrorCode(value));

const name = (text: string): string => (/^[A-Za-z_]\w*$/.test(text) ? text : JSON.stringify(text));

const comment = (text: string | undefined, indent: string): string =>
  text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '* /')} */\n`;

const listOf = (item: string): string => (item.includes(' ') ? `Array<${item}>` : `${item}[]`);

/** A schema that restricts nothing, whatever it says about that. */
const takesAnything = (schema: Schema): boolean => Object.keys(schema).every((key) => key === 'description');

/** The type of one schema, as TypeScript. */
function typeOf(schema: Schema | undefined, indent: string): string {
  if (schema === undefined) return 'unknown';
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown';
  const isNull = schema.type !== undefined && [schema.type].flat().includes('null');
  const orNull = (text: string) => (isNull ? `${text} | null` : text);
  if (schema.enum !== undefined) {
    if (isErrorCodes(schema.enum)) return orNull('ErrorCode');
    const values = schema.enum.filter((value) => value !== null).map((value) => JSON.stringify(value));
    return orNull(values.join(' | '));
  }
  // What else is taken without being of use says nothing to who calls.
  const choices = (schema.oneOf ?? schema.anyOf)?.filter((one) => !takesAnything(one));
  // Beside properties they only say which of them go together.
  if (choices !== undefined && schema.properties === undefined)
    return [...new Set(choices.map((one) => typeOf(one, indent)))].join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map((one) => typeOf(one, indent)).join(' & ');
  if (schema.items !== undefined) return orNull(listOf(typeOf(schema.items, indent)));
  if (schema.properties !== undefined) return orNull(objectText(schema, indent));
  return [schema.type ?? 'unknown'].flat().map(plain).join(' | ');
}

const PLAIN: Readonly<Record<string, string>> = {
  integer: 'number',
  object: 'Record<string, unknown>',
  array: 'unknown[]',
};
const plain = (type: string): string => PLAIN[type] ?? type;

function objectText({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(
    ([key, schema]) =>
      `${comment(schema.description, inner)}${inner}${name(key)}${required.includes(key) ? '' : '?'}: ${typeOf(schema, inner)};\n`,
  );
  return `{\n${lines.join('')}${indent}}`;
}

type Content = Record<string, { schema?: unknown }> | undefined;

/** What one of the contents is: the JSON, or text where that is taken too. */
const contentText = (content: Content, indent: string): string =>
  Object.entries(content ?? {})
    .map(([type, { schema }]) => (type.endsWith('json') ? typeOf(schema as Schema, indent) : 'string'))
    .join(' | ');

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
  readonly description?: string;
}

function parametersText(all: readonly Parameter[], where: string): string {
  const indent = '      ';
  const own = all.filter((one) => one.in === where);
  if (own.length === 0) return '';
  const lines = own.map(
    ({ name: key, required, schema }) =>
      `${indent}  ${name(key)}${required === true ? '' : '?'}: ${typeOf(schema, indent)};\n`,
  );
  return `${indent}${where}${own.some(({ required }) => required) ? '' : '?'}: {\n${lines.join('')}${indent}};\n`;
}

function inputText({ parameters = [], requestBody }: Operation): string {
  const all = parameters as readonly Parameter[];
  const body = requestBody as { required?: boolean; content?: Content } | undefined;
  const said =
    body === undefined ? '' : `      body${body.required ? '' : '?'}: ${contentText(body.content, '      ')};\n`;
  const parts = `${parametersText(all, 'path')}${parametersText(all, 'query')}${said}`;
  return parts === '' ? 'object' : `{\n${parts}    }`;
}

function answerText({ responses = {} }: Operation): string {
  const served = Object.entries(responses).filter(([status]) => status.startsWith('2')) as [
    string,
    { content?: Content },
  ][];
  const types = served.map(([status, { content }]) => (status === '204' ? 'undefined' : contentText(content, '    ')));
  return [...new Set(types)].join(' | ');
}

const takesKey = ({ parameters = [] }: Operation): boolean =>
  (parameters as readonly Parameter[]).some((one) => one.in === 'header' && one.name === 'idempotency-key');

/** What a client calls with its key and gets JSON from: not panel API v2, not signed callbacks, not streams. */
const isCalled = ({ security = [], responses = {} }: Operation): boolean =>
  security.some(({ key }) => key !== undefined) && !JSON.stringify(responses).includes('text/event-stream');

/** So that a route that moves in the document moves nothing here. */
const byName = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The types of an OpenAPI document as the text of `client/operations.ts`: every object, and every operation by its name. */
export function clientTypes(document: ApiDocument): string {
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>).sort(
    ([one], [other]) => byName(one, other),
  );
  const codes = schemas.find(([key]) => key === 'Problem')?.[1].properties?.code?.enum ?? [];
  const objects = schemas.map(([key, schema]) =>
    schema.properties === undefined || schema.type !== 'object'
      ? `${comment(schema.description, '')}export type ${key} = ${typeOf(schema, '')};\n`
      : `${comment(schema.description, '')}export interface ${key} ${objectText(schema, '')}\n`,
  );
  const operations = operationsOf(document)
    .filter(({ operation }) => isCalled(operation))
    .sort((one, other) => byName(one.path, other.path));
  const called = operations.map(
    ({ method, path, operation }) =>
      `${comment(operation.summary, '  ')}  '${method.toUpperCase()} ${path}': {\n` +
      `    input: ${inputText(operation)};\n    answer: ${answerText(operation)};\n  };\n`,
  );
  const keyed = operations
    .filter(({ operation }) => takesKey(operation))
    .map(({ method, path }) => `  '${method.toUpperCase()} ${path}',\n`);
  return [
    '// Made by `npm run client:types` from the OpenAPI document. Do not edit.\n',
    `/** The stable code of a problem. */\nexport type ErrorCode =\n${codes.map((code) => `  | '${code}'`).join('\n')};\n`,
    ...objects,
    `/** Every operation of REST v1: what it takes and what it answers. */\nexport interface Operations {\n${called.join('')}}\n`,
    '/** Operations that take an Idempotency-Key. */\n' +
      `export const KEYED: ReadonlySet<string> = new Set<keyof Operations>([\n${keyed.join('')}]);\n`,
  ].join('\n');
}
