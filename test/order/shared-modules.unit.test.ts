import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { bundleWorkflows } from '../../activities/workflow-code.ts';
import { PROJECT } from '../support/reads/compose-file.ts';

/** Top-level code that could keep something of one workflow for the next. */
const KEEPS = /^(?:export )?(?:(?:let|var) |const \w+ = (?:new (?:Map|Set|WeakMap|WeakSet)(?:<.*>)?\(\)|\[\]|\{\});)/gm;

it('no module that the workflows of a worker share keeps state', async () => {
  const { code } = await bundleWorkflows();
  const names = new Set(
    [...code.matchAll(/^\/\*\*\*\/ "\.\/((?:domain|workflows)\/[^"]+\.ts)"/gm)].map(([, name = '']) => name),
  );
  expect([...names]).toContain('workflows/order/order.ts');
  for (const name of names) {
    const source = await readFile(`${PROJECT}${name}`, 'utf8');
    expect([name, source.match(KEEPS) ?? []]).toEqual([name, []]);
  }
  // The cache of patterns is such a module: it must be seen, and stay outside.
  expect((await readFile(`${PROJECT}domain/text/pattern.ts`, 'utf8')).match(KEEPS)).not.toBeNull();
});
