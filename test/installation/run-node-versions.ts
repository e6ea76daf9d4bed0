/** `npm run test:node`: the unit tests under each version of Node.js that Holdfast supports beside that of this machine. */
import { NODE_VERSIONS } from '../support/engines/node-versions.ts';
import { unitTestsUnder } from '../support/installation/node-run.ts';

for (const version of NODE_VERSIONS) {
  console.log(`Node.js ${version}`);
  try {
    console.log(await unitTestsUnder(version));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
