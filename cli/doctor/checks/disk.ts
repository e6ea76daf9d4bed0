import { check } from '../check.ts';
import { type Finding, ok, skipped, warning, wrong } from '../finding.ts';
import { EngineDown, type Installation, type Space } from '../installation.ts';

const GIB = 2 ** 30;
/** PostgreSQL stops when its disk is full. */
const FULL = { share: 0.05, bytes: GIB };
const NEARLY = 0.15;

/** A folder, and the space on its disk. */
export interface DiskReading extends Space {
  readonly whose: string;
  readonly path: string;
}

async function read({ settings, database, space }: Installation): Promise<DiskReading[]> {
  const { databaseUrl, stateFolder } = settings;
  const hasState = (await space(stateFolder)) !== undefined;
  const folders = [
    hasState ? { whose: 'the state folder', path: stateFolder } : { whose: 'this program', path: process.cwd() },
  ];
  const data = isLocal(databaseUrl) ? await dataFolder(database) : undefined;
  if (data !== undefined) folders.push({ whose: "PostgreSQL's data", path: data });
  const found = folders.map(async (folder) => ({ ...folder, space: await space(folder.path) }));
  return (await Promise.all(found)).flatMap(({ whose, path, space }) =>
    space === undefined ? [] : [{ whose, path, ...space }],
  );
}

function isLocal(databaseUrl: string | undefined): boolean {
  if (databaseUrl === undefined || !URL.canParse(databaseUrl)) return false;
  return ['', 'localhost', '127.0.0.1', '[::1]'].includes(new URL(databaseUrl).hostname);
}

/** Where PostgreSQL keeps its data; undefined when this role may not know. */
async function dataFolder(database: Installation['database']): Promise<string | undefined> {
  try {
    const sql = await database();
    const [row] = await sql<
      { setting: string | null }[]
    >`select setting from pg_settings where name = 'data_directory'`;
    return row?.setting ?? undefined;
  } catch (error) {
    if (error instanceof EngineDown) return undefined;
    throw error;
  }
}

const amount = (bytes: number): string =>
  bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;

export function judgeDisks(disks: readonly DiskReading[]): Finding[] {
  if (disks.length === 0) return [skipped('no folder of this installation is on this machine')];
  return disks.map(({ whose, path, free, total }) => {
    const share = total === 0 ? 0 : free / total;
    const says = `${amount(free)} of ${amount(total)} are free for ${whose} (${path})`;
    const mend = `free space, or give the disk more: du -xh -d 2 ${path} | sort -h`;
    if (share < FULL.share || free < FULL.bytes) return wrong(`the disk is nearly full: ${says}`, mend);
    return share < NEARLY ? warning(`the disk fills up: ${says}`, mend) : ok(says);
  });
}

export const disk = check('disk', read, judgeDisks);
