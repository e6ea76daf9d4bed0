import { afterAll, beforeAll, expect, test } from 'vitest';
import { scaled } from '../support/run/scale.ts';
import { realWorld, type World } from '../support/worlds/world.ts';
import { ensureSchemathesis, PASSES, runSchemathesis } from './schemathesis.ts';
import { type OpenShop, openForTrials } from './shop.ts';

const MINUTES = 60_000;

/** A fixed seed sends the same requests every time. `npm run test:schemathesis` sends others, as many as wanted. */
const EXAMPLES = scaled({ gate: 2, release: 40 });
/** The other phases, thousands of requests at the limits of each field and sequences of operations, are left to the release. */
const PHASES = scaled({ gate: ['--phases', 'examples,fuzzing'], release: [] });
const OPTIONS = ['--seed', '1', '--max-examples', String(EXAMPLES), '--no-color', ...PHASES];

let python: string;
let world: World;
let shop: OpenShop;

beforeAll(async () => {
  python = await ensureSchemathesis();
  world = await realWorld();
  shop = await openForTrials(world);
}, 15 * MINUTES);

afterAll(async () => {
  await shop?.api.close();
  await world?.close();
});

test.each(['customer', 'staff'] as const)(
  'as %s: whatever is sent, by the document or against it, is answered as the document says',
  async (who) => {
    const said: string[] = [];
    const verdict = await runSchemathesis({
      python,
      url: shop.api.url,
      key: shop.keys[who],
      paths: PASSES[who],
      options: OPTIONS,
      onLine: (line) => said.push(line),
    });
    expect(verdict.wrong, said.join('\n')).toEqual([]);
    expect(verdict.cases, said.join('\n')).toBeGreaterThan(scaled({ gate: 100, release: 500 }));
  },
  scaled({ gate: 10, release: 40 }) * MINUTES,
);
