import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CUSTOMER_PAGES } from '../../api/pages/app/index.ts';
import { STAFF_PAGES } from '../../api/pages/ops/index.ts';
import { CUSTOMER_VIEWS, PICTURED_VIEWS, STAFF_VIEWS, WIDTHS } from '../support/pages/shown-pages.ts';

const DOCS = new URL('../../docs/', import.meta.url);

/** Addresses that answer with a part of a page or a file. */
const isPart = (path: string): boolean => /\/(live|price|lines|results|csv)$/.test(path);

const shape = (path: string): string => path.replaceAll(/:\w+/g, ':id').replace(/\?.*/, '');

test('every page is looked at in a browser', () => {
  const served = [
    ...CUSTOMER_PAGES.map(({ path }) => (path === '/' ? '/app' : `/app${path}`)),
    ...STAFF_PAGES.map(({ path }) => (path === '/' ? '/ops' : `/ops${path}`)),
  ];
  const looked = new Set([...CUSTOMER_VIEWS, ...STAFF_VIEWS].map(({ path }) => shape(path)));
  expect(served.filter((path) => !isPart(path) && !looked.has(shape(path)))).toEqual([]);
});

test('docs/pages.md shows every page at each width', () => {
  const text = readFileSync(new URL('pages.md', DOCS), 'utf8');
  const pictures = PICTURED_VIEWS.flatMap(({ name }) =>
    Object.keys(WIDTHS).map((device) => `pages/${name}-${device}.webp`),
  );
  expect(pictures.filter((one) => !text.includes(`(${one})`) || !existsSync(new URL(one, DOCS)))).toEqual([]);
});
