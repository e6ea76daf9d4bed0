import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly security?: readonly Json[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses?: Readonly<Record<string, unknown>>;
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);
const BANNER = '// Made by `npm run client:types` from the OpenAPI document. Do not edit.\n\n';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Entries of an object, changed one by one; an entry whose value becomes undefined is left out. */
const mapped = (object: Json, change: (value: unknown, key: string) => unknown): Json =>
  Object.fromEntries(
    Object.entries(object)
      .map(([key, value]) => [key, change(value, key)] as const)
      .filter(([, value]) => value !== undefined),
  );

/** The client calls with its key and reads JSON: not panel API v2, not signed callbacks, not the event stream. */
const isCalled = ({ security = [], responses = {} }: Operation): boolean =>
  security.some(({ key }) => key !== undefined) && !JSON.stringify(responses).includes('text/event-stream');

/** The client reads JSON, also where an answer can be had in another form. */
function onlyJson(response: unknown): unknown {
  const { content, ...rest } = response as Json;
  if (!isObject(content)) return response;
  return { ...rest, content: mapped(content, (form, type) => (type.includes('json') ? form : undefined)) };
}

/** Headers are the client's own business, and every refusal is a HoldfastProblem: neither is typed for each operation. */
const typedParts = ({ parameters = [], responses = {}, ...rest }: Operation): Json => ({
  ...rest,
  parameters: parameters.filter((one) => one.in !== 'header'),
  responses: mapped(responses as Json, (response, status) => (status.startsWith('2') ? onlyJson(response) : undefined)),
});

const isRestriction = (schema: unknown): boolean =>
  !isObject(schema) || Object.keys(schema).some((key) => key !== 'description');

/** A choice without restrictions would make its whole type `unknown`. The document has it only for lines that the API refuses. */
function withoutLooseChoices(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLooseChoices);
  if (!isObject(value)) return value;
  return mapped(value, (part, key) =>
    (key === 'anyOf' || key === 'oneOf') && Array.isArray(part)
      ? part.filter(isRestriction).map(withoutLooseChoices)
      : withoutLooseChoices(part),
  );
}

const takesKey = ({ parameters = [] }: Operation): boolean =>
  parameters.some((one) => one.in === 'header' && one.name === 'idempotency-key');

/** Types of an API's OpenAPI document, and the POST operations that take an Idempotency-Key: the text of `client/openapi.ts`. */
export async function typesOf(document: object): Promise<string> {
  const { paths = {}, components = {}, ...rest } = document as { paths?: Json; components?: Json };
  const items = Object.entries(paths).map(([path, item]) => {
    const operations = Object.entries(item as Json)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => [method, operation as Operation] as const)
      .filter(([, operation]) => isCalled(operation));
    return { path, operations };
  });
  const called = items.filter(({ operations }) => operations.length > 0);
  const typed = {
    ...rest,
    paths: Object.fromEntries(
      called.map(({ path, operations }) => [
        path,
        Object.fromEntries(operations.map(([method, operation]) => [method, typedParts(operation)])),
      ]),
    ),
    components: { schemas: components.schemas },
  };
  const ast = await openapiTS(withoutLooseChoices(typed) as OpenAPI3, {
    alphabetize: true,
    defaultNonNullable: false,
    emptyObjectsUnknown: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
  });
  const keyed = called
    .filter(({ operations }) => operations.some(([method, operation]) => method === 'post' && takesKey(operation)))
    .map(({ path }) => `    "${path}",\n`)
    .sort();
  return (
    `${BANNER}${astToString(ast)}\n/** POST operations that take an Idempotency-Key. */\n` +
    `export const KEYED_PATHS: ReadonlySet<string> = new Set<keyof paths>([\n${keyed.join('')}]);\n`
  );
}
