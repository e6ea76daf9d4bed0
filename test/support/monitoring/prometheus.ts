import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDevConfig } from '../../../dev/config.ts';
import { writeByRename } from '../../../dev/files.ts';
import { answersOk } from '../../../dev/processes/node-process.ts';
import { startServer } from '../../../dev/processes/server-process.ts';
import { freePort } from '../engines/engines.ts';
import { programOfPrometheus } from './promtool.ts';

/** A Prometheus with the alerts of ops/alerts.yml. */
export interface Prometheus {
  /** Names of the alerts that fire now. */
  firing(): Promise<string[]>;
  /** Scrapes the /metrics of these hosts and ports from now on, and no others. */
  scrape(...targets: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

interface ShownAlert {
  readonly state: 'pending' | 'firing';
  readonly labels: { readonly alertname: string };
}

/**
 * The rules of ops/alerts.yml for a test that cannot wait: conditions need to last two seconds, and what is counted over minutes is
 * counted over one. The thresholds are those of the file.
 */
const inShort = (rules: string): string =>
  rules
    .replace(/^( +for:) .+$/gm, '$1 2s')
    .replace(/\[\d+m\]/g, '[1m]')
    .replace(/offset \d+m/g, 'offset 1m');

/** A scrape takes as long as a process waits for an engine that is gone. */
const configOf = (targets: string, rules: string): string => `
global: { scrape_interval: 4s, scrape_timeout: 4s, evaluation_interval: 1s }
rule_files: [${JSON.stringify(rules)}]
scrape_configs:
  - job_name: holdfast
    file_sd_configs: [{ files: [${JSON.stringify(targets)}], refresh_interval: 1s }]
`;

/** Starts Prometheus at a port of 127.0.0.1. It scrapes nothing yet. */
export async function startPrometheus(): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-prometheus-'));
  const [config, rules, targetsFile] = ['prometheus.yml', 'alerts.yml', 'targets.json'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await writeFile(rules, inShort(await readFile(join(loadDevConfig().project, 'ops/alerts.yml'), 'utf8')));
  await writeFile(config, configOf(targetsFile, rules));
  const scrape = (...targets: readonly string[]) => writeByRename(targetsFile, JSON.stringify([{ targets }]));
  await scrape();
  const address = `127.0.0.1:${await freePort()}`;
  const server = await startServer({
    name: 'prometheus',
    file: await programOfPrometheus('prometheus'),
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=warn',
    ],
    answers: () => answersOk(`http://${address}/-/ready`),
    readyLimitMs: 60_000,
    stopSteps: [
      ['SIGTERM', 20_000],
      ['SIGKILL', 5_000],
    ],
  });
  return {
    scrape,
    firing: async () => {
      const answer = await fetch(`http://${address}/api/v1/alerts`);
      const { data } = (await answer.json()) as { data: { alerts: ShownAlert[] } };
      return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
    },
    close: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
