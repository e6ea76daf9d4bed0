import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from '../http/context.ts';
import { type RouteTable, routeName } from '../v1/define-route.ts';
import { PANEL_PATH } from './panel-v2.ts';
import { PROBLEM_ANSWERS, problemsOf } from './problem-answers.ts';

const DESCRIPTION = `Panel orders with exact money. Amounts are decimal strings, times RFC 3339. Errors are problem details (RFC 9457) with
a stable \`code\`. Every POST that creates or moves something takes an \`Idempotency-Key\`: a repeat gets the first answer, marked
\`Idempotent-Replayed: true\`. \`RateLimit\` headers say how many more requests a key may send. A method that a path does not
have gets 405 with \`Allow\`.`;

export type ApiDocument = ReturnType<OpenAPIHono<ApiEnv>['getOpenAPI31Document']>;
export type PathItem = NonNullable<ApiDocument['paths']>[string];
export type Operation = NonNullable<PathItem['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The operations of a document, in document order. */
export function operationsOf({ paths }: ApiDocument): { method: string; path: string; operation: Operation }[] {
  return Object.entries(paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}

/** `get /v1/orders/{id}/timeline` → `getOrdersByIdTimeline`: the name in generated clients. */
export const operationIdOf = (method: string, path: string): string =>
  method +
  path
    .replace('/v1', '')
    .split(/[/-]/)
    .filter((part) => part !== '')
    .map((part) => part.replace(/^\{(.+)\}$/, 'by-$1'))
    .flatMap((part) => part.split('-'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The OpenAPI document of an app: its routes, and the parts that all routes share. */
export function documentOf(app: OpenAPIHono<ApiEnv>, routes: RouteTable): ApiDocument {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Holdfast', version: '1', description: DESCRIPTION },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
  });
  for (const { method, path, operation } of operationsOf(document)) {
    const scope = routes.get(routeName(method, path))?.scope;
    const needsKey = scope !== undefined && scope !== 'signature';
    operation.operationId ??= operationIdOf(method, path);
    // OpenAPI 3.1 allows scopes for a bearer key too.
    if (needsKey) operation.security = [{ key: [scope] }];
    const parameters = operation.parameters ?? [];
    const hasBody = operation.requestBody !== undefined;
    const problems = problemsOf({ method, path, needsKey, hasBody, hasParameters: parameters.length > 0 });
    operation.responses = { ...problems, ...operation.responses };
  }
  return {
    ...document,
    paths: { ...document.paths, ...PANEL_PATH },
    components: {
      ...document.components,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, hf_…, with the scopes that a route names' },
      },
      responses: PROBLEM_ANSWERS,
    },
  };
}
