import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleWorkflows, installRuntime } from '../../activities/workers.ts';
import { LIVES } from './lives.ts';

const HISTORIES = new URL('./histories/', import.meta.url);
const readHistory = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`${name}.json`, HISTORIES), 'utf8'));

describe('recorded histories', () => {
  let workflowBundle: WorkflowBundleWithSourceMap;

  beforeAll(async () => {
    installRuntime(pino({ level: 'silent' }));
    workflowBundle = await bundleWorkflows();
  });

  it('there is one of each kind of life', async () => {
    const kept = (await readdir(HISTORIES)).map((file) => file.replace('.json', ''));
    expect(kept).toEqual(expect.arrayContaining(LIVES.map(({ name }) => name)));
  });

  it.each(LIVES.map(({ name }) => name))('%s replays with the workflows of today', async (name) => {
    const history = await readHistory(name);
    await expect(Worker.runReplayHistory({ workflowBundle }, history, name)).resolves.toBeUndefined();
  });

  it('the workflow bundle holds nothing but workflows, the domain and the SDK', () => {
    const map = workflowBundle.code.split('sourceMappingURL=data:application/json;charset=utf-8;base64,')[1] ?? '';
    const { sources } = JSON.parse(Buffer.from(map, 'base64').toString('utf8')) as { sources: string[] };
    const ours = sources.filter((source) => !source.includes('node_modules') && /\.ts$/.test(source));
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.filter((source) => !/\/(workflows|domain)\/[\w-]+\.ts$/.test(source))).toEqual([]);
  });
});

describe('a deliberate change of the steps', () => {
  let copy: string;

  afterAll(() => rm(copy, { recursive: true, force: true }));

  it('makes the replay fail', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    copy = await mkdtemp(join(tmpdir(), 'holdfast-replay-'));
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    for (const folder of ['workflows', 'domain']) await cp(join(root, folder), join(copy, folder), { recursive: true });
    const order = join(copy, 'workflows', 'order.ts');
    const text = await readFile(order, 'utf8');
    const first = 'const { placement, plan } = await acceptOrder(';
    const changed = text.replace(first, `await condition(() => false, '1 hour');\n  ${first}`);
    expect(changed).not.toBe(text);
    await writeFile(order, changed);
    const bundle = await bundleWorkflowCode({
      workflowsPath: join(copy, 'workflows', 'index.ts'),
      logger: new DefaultLogger('ERROR'),
    });
    const history = await readHistory('plain-completed');
    await expect(Worker.runReplayHistory({ workflowBundle: bundle }, history, 'changed')).rejects.toThrow(
      DeterminismViolationError,
    );
  });
});
