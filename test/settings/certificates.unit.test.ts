import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { baseEnvironment } from '../../db/config.ts';
import { certificateEnds } from '../../db/settings/certificates.ts';
import { readEnvironment } from '../../db/settings/environment.ts';
import { newAuthority } from '../support/engines/certificates.ts';

const DAY = 86_400_000;
const daysTo = ({ at }: { at: Date }) => Math.round((at.getTime() - Date.now()) / DAY);
const settings = (more: Record<string, string>) =>
  readEnvironment(baseEnvironment, {
    DATABASE_URL: 'postgres://user:password@db.example/holdfast',
    HOLDFAST_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    CURRENCY: 'USD',
    ...more,
  });

test('an installation without certificates has no end of one', () => {
  expect(certificateEnds(settings({}))).toEqual([]);
});

test('each setting ends with its certificate: a chain with its first, several authorities with their last', async () => {
  const [old, next] = await Promise.all([newAuthority('the old company'), newAuthority('the new company')]);
  const leaf = await next.issue('worker', { from: -1, to: 40 });
  const middle = await next.issue('between', { from: -1, to: 20 });
  const authorities = `${old.cert}\n${(await next.issue('an authority', { from: -1, to: 300 })).cert}`;
  const ends = certificateEnds(
    settings({
      TEMPORAL_TLS_CA: authorities,
      TEMPORAL_TLS_CERT: `${leaf.cert}\n${middle.cert}`,
      TEMPORAL_TLS_KEY: leaf.key,
    }),
  );
  expect(ends.map((end) => [end.setting, daysTo(end)])).toEqual([
    ['TEMPORAL_TLS_CA', 300],
    ['TEMPORAL_TLS_CERT', 20],
  ]);
});

test('a renewed certificate of PostgreSQL counts without a restart, as for its connections', async () => {
  const authority = await newAuthority('the company');
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-certificates-'));
  const write = async (days: number) => {
    const { cert, key } = await authority.issue('api', { from: -1, to: days });
    await writeFile(join(folder, 'cert'), cert);
    await writeFile(join(folder, 'key'), key);
  };
  try {
    await write(3);
    const read = settings({ DATABASE_CERT_FILE: join(folder, 'cert'), DATABASE_KEY_FILE: join(folder, 'key') });
    expect(certificateEnds(read).map(daysTo)).toEqual([3]);
    await write(90);
    expect(certificateEnds(read).map(daysTo)).toEqual([90]);
    await rm(join(folder, 'key'));
    expect(certificateEnds(read).map(daysTo)).toEqual([3]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
