import { z } from 'zod';
import { readFault } from './faults.ts';

const LISTS = ['known', '400', 'error', 'nothing', 'first'] as const;

/** How the provider behaves for orders accepted from now on; changed over `POST /control/config`. */
export interface Settings {
  /** All that was ever paid in, a decimal string. */
  paidIn: string;
  /** Factor: 2 delivers twice as fast. A script's own speed, seconds and delay are not touched by it. */
  speed: number;
  /** From acceptance to the first item, before `speed`. */
  startDelayMs: number;
  /** About how long an order takes, before `speed`. */
  seconds: number;
  /** From a cancel request to the end it brings. */
  cancelDelayMs: number;
  refillSeconds: number;
  /** How long a drip-feed's minute is. */
  minuteMs: number;
  /** Refuse a second running order of a link. */
  uniqueLinks: boolean;
  /**
   * How it answers a call about many (`orders=`, `refills=`), also of one in a list: `known` as usual; `400` and `error` refuse it, with that
   * status or with HTTP 200; `nothing` finds nothing in it; `first` reads the first id, as of a call about a single one.
   */
  lists: (typeof LISTS)[number];
  /** Whether the panel has the action `orders`, as most have not. */
  listsOrders: boolean;
  /** How far the panel's own clock is ahead, as its list of orders shows. */
  clockSkewMs: number;
  /** A fault that meets every call of the panel API while it stands; null: none. */
  down: string | null;
  /** When `down` ends by itself, in milliseconds since 1970; null: never. */
  downUntil: number | null;
  /** What it says of a service otherwise than its catalogue has it, by id; null: it does not sell it. */
  catalogue: Readonly<Record<string, ServiceChange | null>>;
  /** What it counts its money in. */
  currency: string;
  /** Where the callback about an ended order goes, and its signing secret (`whsec_…`); null: no callback. */
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

/** What `POST /control/config` takes. `balance` is what the balance is to be now; `down: true` is `http:503`. */
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
    down: z.union([z.boolean(), z.string().refine((text) => readFault(text) !== undefined, 'there is no such fault')]),
    downMs: z.number().positive(),
    catalogue: z.record(z.string(), ServiceChange.nullable()),
    currency: z.string().min(1),
    callback: z.strictObject({ url: z.url(), secret: z.string().startsWith('whsec_') }).nullable(),
  })
  .partial();
export type SettingsChange = z.infer<typeof SettingsChange>;
