import { expect, test } from 'vitest';
import { operationsOf } from '../../api/openapi/document.ts';
import { apiDocument } from '../../dev/client/document.ts';
import { writtenRequests } from '../support/reads/http-file.ts';

/** `/v1/orders/{id}` and `/v1/orders/{{order}}?limit=1` give the same text. */
const routeOf = (method: string, target: string): string =>
  `${method.toUpperCase()} ${(target.split('?')[0] ?? '').replaceAll(/\{+\w+\}+/g, '{}')}`;

test('examples/holdfast.http has every route of the OpenAPI document once, and nothing else', async () => {
  const documented = operationsOf(await apiDocument()).map(({ method, path }) => routeOf(method, path));
  const written = (await writtenRequests()).map(({ method, target }) => routeOf(method, target));
  expect(written.sort()).toEqual(documented.sort());
});
