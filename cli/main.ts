/** The process of the command line. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from './command/host.ts';
import { run } from './run.ts';

// A reader that has seen enough, like `head`, closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const host: Host = {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  stdin: process.stdin,
  fetch: globalThis.fetch,
  wait: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
  now: Date.now,
};
const exit = await run(process.argv.slice(2), host);
// Once all is written: a connection that hangs after its time limit must not hold the process.
process.stdout.write('', () => process.exit(exit));
