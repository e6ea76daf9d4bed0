import { ERRORS } from '../../domain/errors.ts';

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const seconds = { schema: { type: 'integer' as const }, description: 'Seconds to wait before the request is repeated' };

const codesOf = (status: number): string[] =>
  Object.entries(ERRORS)
    .filter(([, kind]) => kind.status === status)
    .map(([code]) => code);

const nameOf = (status: number): string => `Problem${status}`;

/** An answer for each status of the error table, with the codes of that status. */
export const PROBLEM_ANSWERS = Object.fromEntries(
  [...new Set(Object.values(ERRORS).map(({ status }) => status as number))].sort().map((status) => [
    nameOf(status),
    {
      description: codesOf(status).join(', '),
      content: PROBLEM,
      ...(status === 429 || status === 503 ? { headers: { 'Retry-After': seconds } } : {}),
    },
  ]),
);

/** The parts of an operation that decide which problems it can answer with. */
export interface Refusable {
  readonly method: string;
  readonly path: string;
  readonly needsKey: boolean;
  readonly hasBody: boolean;
  readonly hasParameters: boolean;
}

/** The problems that an operation may answer with, by status. */
export function problemsOf({ method, path, needsKey, hasBody, hasParameters }: Refusable) {
  const changes = method !== 'get';
  const statuses = [
    401,
    ...(needsKey ? [403] : []),
    ...(path.includes('{') ? [404] : []),
    ...(changes ? [400, 409] : []),
    ...(hasBody ? [413, 415] : []),
    ...(hasBody || hasParameters ? [422] : []),
    ...(path.startsWith('/v1/orders') && changes ? [402] : []),
    429,
    500,
    503,
  ];
  return Object.fromEntries(
    statuses.map((status) => [String(status), { $ref: `#/components/responses/${nameOf(status)}` }]),
  );
}
