/**
 * A simulated upstream provider: panel API v2 at `<url>/api/v2`, with orders that progress with time.
 *
 * The provider journals an order before it answers, and an order's delivery depends only on its record and the clock. After
 * kill -9 and a restart, no accepted order is lost, ids continue, and running orders are as far along as without the kill.
 * Money is exact: an ended order refunds what it did not deliver. Nothing is random: the same seed, ids and links give the same
 * numbers.
 *
 * An order's link scripts what happens to it: `https://example.com/p/1?sim=partial:600,delay:1000`. So does
 * `POST /control/scripts {"link": "…", "script": "partial:600"}` before the order is placed; its steps follow the link's own.
 * The provider refuses an unknown step with `neworder.error.script: …`. A subscription has its `username` for a link and posts
 * for items. Its status is Active, Paused, Completed, Expired (Partial for other orders) or Canceled. Without `posts` the
 * provider refuses it.
 *
 * | step | what happens |
 * | --- | --- |
 * | `delay:<ms>` | the first item comes this long after acceptance; until then Pending, then Processing |
 * | `seconds:<n>` · `speed:<n>` | a run takes n seconds · delivers n items a second |
 * | `partial:<n>` | ends Partial with n delivered |
 * | `cancel[:<n>]` | ends Canceled with n (0) delivered |
 * | `stall[:<n>]` | stops at n (0) and stays In progress |
 * | `private:<n>[:<word>]` | pauses at n, with that status word (In progress), until `POST /control/public {link}` |
 * | `flip:<status>[:<n>][:after:<seconds>]` | this long (5 s) after its end the status changes, with n delivered; there may be several. Status: completed, partial (needs n), canceled, in_progress, pending, processing, paused |
 * | `drop:<n>[:after:<seconds>]` | this long (5 s) after its end n items are gone from the target, until a refill is Completed |
 * | `start:<n>` | start_count |
 * | `refuse[:<error>]` | refused with that error (`neworder.error.link`) |
 * | `unique` | refused with `neworder.error.link_duplicate` while another order of the link runs |
 * | `oncancel:refuse` · `ignore` · `<ms>` | a cancel request is refused · answered with 1 and forgotten · takes effect after this long |
 * | `onrefill:refuse` · `reject` · `<seconds>` | a refill is refused · ends Rejected · takes this long |
 * | `fault:<fault>[@<action>][*<times>]` | a fault of `faults.ts` spoils calls about the link: `fault:accept-drop`, `fault:http:502@status*2` |
 *
 * Beside the API, without a key: `GET /stats`, `/orders[?link=]`, `/adds[?link=]` (every `add` request with its raw fields),
 * `/counter?link=` (the target's count now) and `POST /control/…`: `scripts`, `public {link}`,
 * `orders/<id> {status?, remains?, start_count?, charge?, delivered?}` (forces fields, any JSON; DELETE removes them),
 * `counter {link, count? | offset?}` (makes the counter disagree; without count and offset it is correct again),
 * `config {balance?, speed?, seconds?, startDelayMs?, cancelDelayMs?, refillSeconds?, minuteMs?, uniqueLinks?, lists?, listsOrders?, clockSkewMs?, down?, downMs?,
 * callback?, catalogue?, currency?}` (for orders from now on; `catalogue {"1": {rate: "1.5"}, "2": null}` replaces all earlier
 * changes to the catalogue; `callback {url, secret}` gets one message for each end), `faults {fault, action?, link?, times?,
 * skip?}` (GET lists, DELETE disarms), `reset` (forgets everything but the next ids). Everything but the armed faults survives a
 * restart.
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
  /** Default 0: a free port. */
  readonly port?: number;
  /** Folder of the journal; without it everything is only in memory. At most one running provider may use a folder. */
  readonly dataDir?: string;
  readonly seed?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly services?: readonly CatalogueService[];
  /** The id of the first order. */
  readonly firstOrder?: number;
  readonly settings?: Partial<Settings>;
}

/** A provider in this process: its addresses, and the methods of `Steering`. */
export interface RunningProvider extends Steering {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The url of panel API v2: `<url>/api/v2`. */
  readonly apiUrl: string;
  readonly port: number;
  readonly key: string;
  /** Stops the provider and closes all its connections, including hanging ones. */
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
  // Keep Node's global Request and Response: a provider may share the process with a test.
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
