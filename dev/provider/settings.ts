import { z } from 'zod';
import { readFault } from './faults.ts';

const LISTS = ['known', '400', 'error', 'nothing', 'first'] as const;

/** The provider's behaviour for orders accepted from now on. `POST /control/config` changes it. */
export interface Settings {
  /** Sum of all deposits, a decimal string. */
  paidIn: string;
  /** Factor: 2 delivers twice as fast. It does not change a script's own speed, seconds or delay. */
  speed: number;
  /** Milliseconds from acceptance to the first item, before `speed`. */
  startDelayMs: number;
  /** About how many seconds an order takes, before `speed`. */
  seconds: number;
  /** Milliseconds from a cancel request until the order ends. */
  cancelDelayMs: number;
  refillSeconds: number;
  /** How many milliseconds a drip-feed's minute takes. */
  minuteMs: number;
  /** Refuse a second running order of a link. */
  uniqueLinks: boolean;
  /**
   * How the provider answers a call with a list (`orders=`, `refills=`), even a list of one. `known`: as usual. `400` and
   * `error`: refuses it, with that status or with HTTP 200. `nothing`: an empty answer. `first`: reads only the first id, as a
   * single call.
   */
  lists: (typeof LISTS)[number];
  /** Whether the panel has the action `orders`. Most panels do not. */
  listsOrders: boolean;
  /** How many milliseconds the panel's clock is ahead, as seen in its list of orders. */
  clockSkewMs: number;
  /** A fault for every call of the panel API; null: none. */
  down: string | null;
  /** When `down` ends by itself, in milliseconds since 1970; null: never. */
  downUntil: number | null;
  /** Changes to the catalogue, by service id; null: the service is no longer sold. */
  catalogue: Readonly<Record<string, ServiceChange | null>>;
  /** The currency of its money. */
  currency: string;
  /** Where callbacks about ended orders go, and their signing secret (`whsec_…`); null: no callbacks. */
  callback: Callback | null;
}

const ServiceChange = z
  .strictObject({
    name: z.string(),
    type: z.string(),
    category: z.string(),
    rate: z.string().regex(/^\d{1,9}(\.\d{1,5})?$/),
    min: z.string().regex(/^\d{1,9}$/),
    max: z.string().regex(/^\d{1,9}$/),
    dripfeed: z.boolean(),
    refill: z.boolean(),
    cancel: z.boolean(),
  })
  .partial();
export type ServiceChange = z.infer<typeof ServiceChange>;

export interface Callback {
  readonly url: string;
  readonly secret: string;
}

export const DEFAULT_SETTINGS: Settings = {
  paidIn: '1000000',
  speed: 1,
  startDelayMs: 400,
  seconds: 4,
  cancelDelayMs: 300,
  refillSeconds: 2,
  minuteMs: 60_000,
  uniqueLinks: false,
  lists: 'known',
  listsOrders: false,
  clockSkewMs: 0,
  down: null,
  downUntil: null,
  catalogue: {},
  currency: 'USD',
  callback: null,
};

/** The body of `POST /control/config`. `balance` sets the current balance; `down: true` means `http:503`. */
export const SettingsChange = z
  .strictObject({
    balance: z.string().regex(/^\d{1,11}(\.\d{1,8})?$/),
    speed: z.number().positive(),
    startDelayMs: z.number().nonnegative(),
    seconds: z.number().nonnegative(),
    cancelDelayMs: z.number().nonnegative(),
    refillSeconds: z.number().nonnegative(),
    minuteMs: z.number().nonnegative(),
    uniqueLinks: z.boolean(),
    lists: z.enum(LISTS),
    listsOrders: z.boolean(),
    clockSkewMs: z.number(),
    down: z.union([z.boolean(), z.string().refine((text) => readFault(text) !== undefined, 'unknown fault')]),
    downMs: z.number().positive(),
    catalogue: z.record(z.string(), ServiceChange.nullable()),
    currency: z.string().min(1),
    callback: z.strictObject({ url: z.url(), secret: z.string().startsWith('whsec_') }).nullable(),
  })
  .partial();
export type SettingsChange = z.infer<typeof SettingsChange>;
