import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PAGES = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/README.md'].concat(
  readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
);

/** A page without its code blocks, whose links and paths are only examples. */
const proseOf = (page: string): string => readFileSync(page, 'utf8').replace(/^```.*?^```/gms, '');

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

function isLinkOfPage(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

const FOLDERS = 'activities|api|bench|cli|client|db|dev|docs|domain|examples|net|test|workflows';
const PATH = new RegExp(`\`((?:${FOLDERS})/[\\w./-]+)\``, 'g');

describe.each(PAGES)('%s', (page) => {
  it('links to pages, headings and files that exist', () => {
    const links = [...proseOf(page).matchAll(/\]\(((?!https?:)[^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !isLinkOfPage(page, link))).toEqual([]);
  });

  it('names files and folders that exist', () => {
    const paths = [...proseOf(page).matchAll(PATH)].map(([, path = '']) => path);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});

it('README.md is read to its end: at most 110 lines, with a link to every page', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(110);
  expect(PAGES.filter((page) => page !== 'README.md' && !readme.includes(`(${page})`))).toEqual([]);
});
