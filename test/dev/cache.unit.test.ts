import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CacheEntry, cached, findCached } from '../../dev/engines/cache.ts';

let entry: CacheEntry;
const lines: string[] = [];
const log = (line: string) => lines.push(line);

beforeEach(async () => {
  entry = { root: await mkdtemp(join(tmpdir(), 'holdfast-cache-')), folder: 'engine/1.0.0', file: 'engine' };
  lines.length = 0;
});
afterEach(() => rm(entry.root, { recursive: true, force: true }));

describe('the cache of engines', () => {
  it('is filled once when two want the same thing at once; the second says that it waits', async () => {
    let fills = 0;
    const fill = async (folder: string) => {
      fills += 1;
      await writeFile(join(folder, 'engine'), `made ${fills}`);
    };
    const paths = await Promise.all([cached(entry, log, fill), cached(entry, log, fill), cached(entry, log, fill)]);
    expect(fills).toBe(1);
    expect(new Set(paths).size).toBe(1);
    expect(await readFile(paths[0], 'utf8')).toBe('made 1');
    expect(lines.filter((line) => line.includes('waiting')).length).toBeGreaterThan(0);
  });

  it('holds nothing after a fetch that failed half-way, and the next fetch works', async () => {
    const broken = cached(entry, log, async (folder) => {
      await writeFile(join(folder, 'engine'), 'half');
      throw new Error('connection lost');
    });
    await expect(broken).rejects.toThrow('connection lost');
    expect(await findCached(entry)).toBeUndefined();
    expect(await readdir(join(entry.root, 'engine'))).toEqual([]);
    const path = await cached(entry, log, (folder) => writeFile(join(folder, 'engine'), 'whole'));
    expect(await readFile(path, 'utf8')).toBe('whole');
  });

  it('refuses a fetch that did not bring the file', async () => {
    await expect(cached(entry, log, async () => undefined)).rejects.toThrow('engine is missing');
  });

  it('clears away what a killed process had half made', async () => {
    await mkdir(join(entry.root, 'engine', '1.0.0.partial-abcdef'), { recursive: true });
    await cached(entry, log, (folder) => writeFile(join(folder, 'engine'), ''));
    expect(await readdir(join(entry.root, 'engine'))).toEqual(['1.0.0']);
  });
});
