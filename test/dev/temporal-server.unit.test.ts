import { expect, test } from 'vitest';
import { startedAgain } from '../../dev/engines/temporal-server.ts';

const taken = new Error('listen tcp 127.0.0.1:12345: bind: address already in use');

/** A start that fails with each of these errors in turn, and then succeeds. */
function failing(...errors: Error[]) {
  const left = [...errors];
  const start = async () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'ready';
  };
  return { start, left };
}

test('a server whose port somebody else was quicker to take is started again', async () => {
  expect(await startedAgain(failing(taken, taken).start)).toBe('ready');
});

test('but not for ever, and not when it failed for another reason', async () => {
  await expect(startedAgain(failing(taken, taken, taken).start)).rejects.toThrow('address already in use');
  const broken = failing(new Error('no such flag'), taken);
  await expect(startedAgain(broken.start)).rejects.toThrow('no such flag');
  expect(broken.left).toHaveLength(1);
});
