import { readdir, readFile } from 'node:fs/promises';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { pino } from 'pino';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { installRuntime } from '../../activities/runtime/workers.ts';
import { changedWorkflows } from '../support/engines/changed-workflows.ts';
import { RECORDED_ORDERS } from './recorded-orders.ts';

const HISTORIES = new URL('./histories/', import.meta.url);
const readHistory = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`${name}.json`, HISTORIES), 'utf8'));

describe('recorded histories', () => {
  let workflowBundle: WorkflowBundle;

  beforeAll(async () => {
    installRuntime(pino({ level: 'silent' }));
    workflowBundle = { code: await readFile(inject('workflowBundle'), 'utf8') };
  });

  it('there is one of each kind of life', async () => {
    const kept = (await readdir(HISTORIES)).map((file) => file.replace('.json', ''));
    expect(kept).toEqual(expect.arrayContaining(RECORDED_ORDERS.map(({ name }) => name)));
  });

  it.each(RECORDED_ORDERS.map(({ name }) => name))('%s replays with the workflows of today', async (name) => {
    const history = await readHistory(name);
    await expect(Worker.runReplayHistory({ workflowBundle }, history, name)).resolves.toBeUndefined();
  });

  it('the workflow bundle holds nothing but workflows, the domain and the SDK', () => {
    const map = workflowBundle.code.split('sourceMappingURL=data:application/json;charset=utf-8;base64,')[1] ?? '';
    const { sources } = JSON.parse(Buffer.from(map, 'base64').toString('utf8')) as { sources: string[] };
    const ours = sources.filter((source) => !source.includes('node_modules') && /\.ts$/.test(source));
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.filter((source) => !/\/(workflows|domain)\/[\w/-]+\.ts$/.test(source))).toEqual([]);
    expect(ours.filter((source) => /\/workflows\/tracing\.ts$/.test(source))).toEqual([]);
  });
});

describe('a deliberate change of the steps', () => {
  it('makes the replay fail', async () => {
    const bundle = await changedWorkflows();
    const history = await readHistory('plain-completed');
    await expect(Worker.runReplayHistory({ workflowBundle: bundle }, history, 'changed')).rejects.toThrow(
      DeterminismViolationError,
    );
  });
});
