import type { Log } from '../../dev/config.ts';
import { startStack } from '../../dev/stack/start-stack.ts';
import { type Engine, postgresOfOurOwn, temporalInMemory } from '../../test/support/engines/engines.ts';
import { makeHome, removeHome } from '../../test/support/engines/own-home.ts';
import type { Endings } from '../endings.ts';
import { timed } from '../measure/latencies.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';

/** How long `npm start` takes until it is ready: with a new state folder, and with one that it has used before. */
export const start: Scenario = { name: 'start', run };

async function run({ endings, log }: Bench): Promise<Outcome> {
  const { home } = await endings.opened(
    'the state folder',
    () => makeHome('bench'),
    (one) => removeHome(one.home),
  );
  const first = await secondsToStart(endings, home.root);
  const again = await secondsToStart(endings, home.root);
  const engines = await secondsOfEngines(endings, log);
  const against = 'a new PostgreSQL and Temporal alone';
  return {
    rows: [
      {
        measured: 'npm start, new folder',
        against,
        unit: 'seconds',
        value: first,
        floor: engines,
        ratio: first / engines,
      },
      { measured: 'npm start, again', against, unit: 'seconds', value: again, floor: engines, ratio: again / engines },
    ],
    figures: {},
    proof: 'the stack was ready twice, and ended',
  };
}

/** Starts the stack, and stops it once it is ready. */
async function secondsToStart(endings: Endings, root: string): Promise<number> {
  const interrupted = new AbortController();
  const { result, ms } = await timed(async () => {
    const starting = endings.opened(
      'the stack',
      () => startStack(root, { log: () => undefined, signal: interrupted.signal }),
      (one) => one.stop(),
    );
    // Opened after the stack, this is ended before it: a stack that is still starting does not hold up the end.
    await endings.opened(
      'the start of the stack',
      async () => interrupted,
      async (one) => one.abort(),
    );
    return starting;
  });
  await result.stop();
  return ms / 1_000;
}

/** Starts the engines of the stack without anything of ours, and stops them. */
async function secondsOfEngines(endings: Endings, log: Log): Promise<number> {
  const opened = (what: string, open: () => Promise<Pick<Engine<unknown>, 'stop'>>) =>
    endings.opened(what, open, (one) => one.stop());
  const { result, ms } = await timed(() =>
    Promise.all([
      opened('PostgreSQL', () => postgresOfOurOwn({ fsync: 'on', full_page_writes: 'on' })),
      opened('Temporal', () => temporalInMemory({ log })),
    ]),
  );
  await Promise.all(result.map((one) => one.stop()));
  return ms / 1_000;
}
