/**
 * `npm run test:schemathesis`: the long form of the Schemathesis test. Serves the API on real engines, and lets Schemathesis send
 * it requests, first as a customer, then as staff.
 * Arguments go to Schemathesis, e.g. `npm run test:schemathesis -- --max-examples 100`.
 */
import { postgresForTests, temporalForTests } from '../support/engines/engines.ts';
import { openWorld } from '../support/worlds/world.ts';
import { ensureSchemathesis, PASSES, runSchemathesis } from './schemathesis.ts';
import { openForTrials } from './shop.ts';

const python = await ensureSchemathesis();
const [postgres, temporal] = await Promise.all([postgresForTests(), temporalForTests()]);
const world = await openWorld({ postgresUrl: postgres.value, temporalAddress: temporal.value });
try {
  const { api, keys } = await openForTrials(world);
  const failed: string[] = [];
  for (const who of ['customer', 'staff'] as const) {
    console.log(`\nas ${who}`);
    const options = process.argv.slice(2);
    const run = { python, url: api.url, key: keys[who], paths: PASSES[who], options, onLine: console.log };
    const { wrong } = await runSchemathesis(run);
    for (const what of wrong) console.error(what);
    if (wrong.length > 0) failed.push(who);
  }
  await api.close();
  if (failed.length > 0) {
    console.error(`\nanswers differ from the document, as ${failed.join(' and ')}`);
    process.exitCode = 1;
  }
} finally {
  await world.close();
  await Promise.all([postgres.stop(), temporal.stop()]);
}
