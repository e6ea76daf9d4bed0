import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureServerPrograms } from '../../../bench/cluster/programs.ts';
import { ensureTemporalCli } from '../../../dev/engines/temporal-cli.ts';
import { type Engine, postgresOfOurOwn } from '../engines/engines.ts';
import { ensureNode, NODE_VERSIONS } from '../engines/node-versions.ts';
import { layImage } from './image.ts';
import { type NameServer, nameServer } from './name-server.ts';
import { newPlaces, type Places } from './places.ts';

/** What a machine with Docker would bring: images, a name server, volumes. */
export interface Machine {
  readonly places: Places;
  /** The folder of the image of Holdfast. */
  readonly image: string;
  /** Folders of programs that the images hold, as PATH. */
  readonly path: string;
  readonly names: NameServer;
  /** One PostgreSQL for both databases. */
  readonly postgres: Engine<string>;
  readonly close: () => Promise<void>;
}

/** The version of Node.js in the image. */
const NODE_VERSION = NODE_VERSIONS[1];

/** Lays out the image, fetches the programs, and starts PostgreSQL and the name server. Nothing of Holdfast runs yet. */
export async function newMachine(log: (line: string) => void): Promise<Machine> {
  const places = await newPlaces();
  const image = join(places.folder, 'app');
  const bin = join(places.folder, 'bin');
  await mkdir(bin);
  await layImage(image);
  const { server, sqlTool } = await ensureServerPrograms({ log });
  const programs = { node: await ensureNode(NODE_VERSION), temporal: await ensureTemporalCli({ log }) };
  for (const [name, file] of Object.entries(programs)) await symlink(file, join(bin, name));
  const postgres = await postgresOfOurOwn();
  const names = await nameServer({ api: places.apiAddresses, 'temporal-ui': ['127.0.0.1'] });
  return {
    places,
    image,
    path: [
      bin,
      dirname(server),
      dirname(sqlTool),
      '/usr/local/sbin',
      '/usr/local/bin',
      '/usr/sbin',
      '/usr/bin',
      '/sbin',
      '/bin',
    ].join(':'),
    names,
    postgres,
    close: async () => {
      await names.close();
      await postgres.stop();
    },
  };
}
