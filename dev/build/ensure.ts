/** Builds what `npm start` runs, when it is not there. A process of its own: the bundler's memory is gone afterwards. */
import { ensureBuilt } from './ensure-built.ts';

await ensureBuilt();
