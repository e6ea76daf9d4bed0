/**
 * A simulated upstream provider: panel API v2 at `<url>/api/v2`, with orders that deliver themselves.
 *
 * Accepted orders are in a journal before they are answered, and where an order stands depends on its record and the clock
 * alone: after kill -9 and a restart nothing accepted is forgotten, ids go on, running orders are as far as they would be.
 * Money is exact; an ended order gives back what it did not deliver. Nothing is random: the same seed, ids and links give
 * the same numbers.
 *
 * What happens to an order is scripted by its link, `https://example.com/p/1?sim=partial:600,delay:1000`, or by
 * `POST /control/scripts {"link": "…", "script": "partial:600"}` before it is placed (these steps follow the link's own).
 * An unknown step is refused with `neworder.error.script: …`. A subscription has its `username` for a link, posts for items, and
 * is Active, Paused, Completed, Expired (what is Partial of another order) or Canceled; without `posts` it is refused.
 *
 * | step | what happens |
 * | --- | --- |
 * | `delay:<ms>` | the first item comes so long after acceptance (Pending, then Processing until then) |
 * | `seconds:<n>` · `speed:<n>` | a run takes n seconds · delivers n items a second |
 * | `partial:<n>` | ends Partial with n delivered |
 * | `cancel[:<n>]` | ends Canceled with n (0) delivered |
 * | `stall[:<n>]` | stops at n (0) and stays In progress for ever |
 * | `private:<n>[:<word>]` | pauses at n, with that status word (In progress), until `POST /control/public {link}` |
 * | `flip:<status>[:<n>][:after:<seconds>]` | so long (5 s) after its end the status changes, with n delivered; several may follow each other. Status: completed, partial (needs n), canceled, in_progress, pending, processing, paused |
 * | `drop:<n>[:after:<seconds>]` | so long (5 s) after its end n items are gone from the target, until a refill is Completed |
 * | `start:<n>` | start_count |
 * | `refuse[:<error>]` | refused (`neworder.error.link`) |
 * | `unique` | refused with `neworder.error.link_duplicate` while another order of the link runs |
 * | `oncancel:refuse` · `ignore` · `<ms>` | a cancel request is refused · answered 1 and forgotten · works after so long |
 * | `onrefill:refuse` · `reject` · `<seconds>` | a refill is refused · ends Rejected · takes so long |
 * | `fault:<fault>[@<action>][*<times>]` | a fault of `faults.ts` meets calls about the link: `fault:accept-drop`, `fault:http:502@status*2` |
 *
 * Beside the API, without a key: `GET /stats`, `/orders[?link=]`, `/adds[?link=]` (every `add` request with its raw fields),
 * `/counter?link=` (what the target counts now) and `POST /control/…`: `scripts`, `public {link}`,
 * `orders/<id> {status?, remains?, start_count?, charge?, delivered?}` (any JSON; DELETE ends it),
 * `counter {link, count? | offset?}` (makes the counter disagree; neither: honest again),
 * `config {balance?, speed?, seconds?, startDelayMs?, cancelDelayMs?, refillSeconds?, minuteMs?, uniqueLinks?, lists?, listsOrders?, clockSkewMs?, down?, downMs?,
 * callback?, catalogue?, currency?}` (for orders from now on; `catalogue {"1": {rate: "1.5"}, "2": null}` replaces what was said of its
 * services before; `callback {url, secret}` is told of every end, once), `faults {fault, action?, link?, times?, skip?}` (GET lists, DELETE disarms), `reset` (forgets
 * everything but the ids). Faults do not survive a restart; all else does.
 */
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { Actions } from './actions.ts';
import { ArmedFaults } from './armed-faults.ts';
import { Book } from './book.ts';
import { Callbacks } from './callbacks.ts';
import { CATALOGUE, type CatalogueService } from './catalogue.ts';
import { controlApp } from './control.ts';
import { panelApp } from './panel.ts';
import type { Settings } from './settings.ts';
import { CallCounters } from './stats.ts';
import { Steering } from './steering.ts';

export interface ProviderOptions {
  /** The API key callers must send. */
  readonly key: string;
  /** 0, and when it is not said: a free one. */
  readonly port?: number;
  /** Where the journal lies; without it everything is in memory only. One running provider a folder. */
  readonly dataDir?: string;
  readonly seed?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly services?: readonly CatalogueService[];
  /** The id of the very first order. */
  readonly firstOrder?: number;
  readonly settings?: Partial<Settings>;
}

/** A provider in this process: its addresses, and all of `Steering`. */
export interface RunningProvider extends Steering {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The panel's whole API address: `<url>/api/v2`. */
  readonly apiUrl: string;
  readonly port: number;
  readonly key: string;
  /** Ends it, with all its connections, hanging ones too. */
  stop(): Promise<void>;
}

/** Starts a provider on 127.0.0.1. Rejects when the port is taken or the journal cannot be read. */
export async function startProvider(options: ProviderOptions): Promise<RunningProvider> {
  const { dataDir, key } = options;
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const book = await Book.open(
    {
      seed: options.seed ?? 'holdfast',
      clock: options.clock ?? Date.now,
      firstOrder: options.firstOrder ?? 23_501,
      settings: options.settings ?? {},
    },
    dataDir === undefined ? undefined : join(dataDir, 'journal.jsonl'),
  );
  const counters = new CallCounters(dataDir === undefined ? undefined : join(dataDir, 'calls.json'));
  const faults = new ArmedFaults();
  const actions = new Actions(book, options.services ?? CATALOGUE);
  const steering = new Steering(book, actions, counters, faults);
  const callbacks = new Callbacks(book);

  const app = panelApp({ key, book, actions, faults, counters });
  app.route('/', controlApp(steering));
  // Global Request and Response stay Node's own: a provider may share the process with a test.
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(options.port ?? 0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  return Object.assign(steering, {
    url,
    apiUrl: `${url}/api/v2`,
    port,
    key,
    async stop() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      callbacks.stop();
      await closed;
      counters.save();
      await book.close();
    },
  });
}
