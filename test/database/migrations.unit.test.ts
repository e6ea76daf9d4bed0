import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { sqlFiles } from '../../db/function-files.ts';

const MIGRATIONS = new URL('../../db/migrations/', import.meta.url);
const FUNCTIONS = new URL('../../db/functions/', import.meta.url);

describe('a migration that has landed', () => {
  it('is never edited: its text has the SHA-256 that db/migrations/checksums keeps', async () => {
    const kept = (await readFile(new URL('checksums', MIGRATIONS), 'utf8')).trimEnd().split('\n');
    const files = await sqlFiles(MIGRATIONS);
    expect(files.map(({ file, checksum }) => `${checksum}  ${file}`)).toEqual(kept);
  });

  it('has a number of its own, which says when it runs', async () => {
    const numbers = (await sqlFiles(MIGRATIONS)).map(({ file }) => /^(\d{3})_[a-z0-9_]+\.sql$/.exec(file)?.[1]);
    expect(numbers).not.toContain(undefined);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('a function of the database', () => {
  it('is defined in one place', async () => {
    const files = [...(await sqlFiles(FUNCTIONS)), ...(await sqlFiles(MIGRATIONS))];
    const names = files.flatMap(({ text }) =>
      [...text.matchAll(/^create (?:or replace )?function (\w+)/gm)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(90);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('in db/functions replaces the one that the database has', async () => {
    const plain = (await sqlFiles(FUNCTIONS)).filter(({ text }) => /^create function/m.test(text));
    expect(plain.map(({ file }) => file)).toEqual([]);
  });
});
