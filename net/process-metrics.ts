import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What the metrics of every process are taken from; read anew for each scrape. */
export interface ProcessFigures {
  readonly process: 'api' | 'worker';
  /** The version of the process's workflows; absent: versions are not told apart. */
  readonly build?: string | undefined;
  /** How each pool of connections to PostgreSQL is used. */
  readonly pools: () => readonly {
    readonly pool: string;
    readonly used: number;
    readonly idle: number;
    readonly waiting: number;
  }[];
  /** When the certificates in use end, by the setting that they are from. */
  readonly certificates?: () => readonly { readonly setting: string; readonly at: Date }[];
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** How often the lag of the event loop is measured. With prom-client's 10 ms an idle process spends most of its CPU on that. */
const LAG_MS = 100;

/** The metrics that API and worker have alike. */
export function processRegistry({ process: name, build, pools, certificates }: ProcessFigures): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_MS });
  gaugePools(registry, pools);
  gaugeDisk(registry);
  new Gauge({
    name: 'holdfast_build_info',
    help: '1; which version runs, and the build of its workflows (WORKER_BUILD_ID)',
    labelNames: ['process', 'version', 'build'],
    registers: [registry],
  }).set({ process: name, version, build: build ?? 'none' }, 1);
  new Gauge({
    name: 'holdfast_certificate_expiry_timestamp_seconds',
    help: 'When the certificates of a setting end, in seconds since 1970; nothing for a setting without a certificate',
    labelNames: ['for'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { setting, at } of certificates?.() ?? []) this.set({ for: setting }, at.getTime() / 1_000);
    },
  });
  return registry;
}

function gaugePools(registry: Registry, pools: ProcessFigures['pools']): void {
  new Gauge({
    name: 'holdfast_database_pool_connections',
    help: 'Connections that a pool may have: used by a statement or transaction, or idle',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const { pool, used, idle } of pools()) {
        this.set({ pool, state: 'used' }, used);
        this.set({ pool, state: 'idle' }, idle);
      }
    },
  });
  new Gauge({
    name: 'holdfast_database_pool_waiting',
    help: 'Statements and transactions that wait for a connection of a pool',
    labelNames: ['pool'],
    registers: [registry],
    collect() {
      for (const { pool, waiting } of pools()) this.set({ pool }, waiting);
    },
  });
}

function gaugeDisk(registry: Registry): void {
  const disk = () => statfs(process.cwd());
  new Gauge({
    name: 'holdfast_disk_free_bytes',
    help: 'What is free on the disk of the process',
    registers: [registry],
    async collect() {
      const { bavail, bsize } = await disk();
      this.set(bavail * bsize);
    },
  });
  new Gauge({
    name: 'holdfast_disk_size_bytes',
    help: 'The size of the disk of the process',
    registers: [registry],
    async collect() {
      const { blocks, bsize } = await disk();
      this.set(blocks * bsize);
    },
  });
}
