import type { PartName } from '../../dev/stack/stack.ts';
import { type Choices, choicesOf } from './random.ts';

/** The size of a run: the options of `npm run test:chaos -- --minutes 10 --kills 40 --orders 3000 --seed 7`. */
export interface ChaosOptions {
  readonly seed: number;
  /** How long customers order and things break. Coming to rest takes a few minutes more. */
  readonly minutes: number;
  readonly kills: number;
  readonly orders: number;
}

/** The gate's size: just enough to show each rule. */
export const SHORT_FORM: Omit<ChaosOptions, 'seed'> = { minutes: 0.6, kills: 8, orders: 150 };

/** The release's size. */
export const LONG_FORM: Omit<ChaosOptions, 'seed'> = { minutes: 10, kills: 40, orders: 3000 };

/** The connections between two processes that go through a proxy. */
export const WAYS = ['api', 'postgres', 'temporal', 'provider', 'receiver'] as const;
export type Way = (typeof WAYS)[number];

/** One disturbance. In this file `at` is in milliseconds after the start, and `ms` is a duration. */
export type Strike =
  /** SIGKILL to all these parts at the same moment. `atWork`: wait until some more orders are acknowledged first. */
  | { readonly at: number; readonly kind: 'kill'; readonly parts: readonly PartName[]; readonly atWork: boolean }
  /** Asks the part to end, as an operator does who restarts it. */
  | { readonly at: number; readonly kind: 'stop'; readonly part: PartName }
  /** The provider answers every call with HTTP 503. */
  | { readonly at: number; readonly kind: 'down'; readonly ms: number }
  /** SIGSTOP, and SIGCONT after `ms`. */
  | { readonly at: number; readonly kind: 'freeze'; readonly part: PartName; readonly ms: number }
  /** Resets all connections of this way. */
  | { readonly at: number; readonly kind: 'cut'; readonly way: Way }
  /** Connections stay open, but nothing passes. */
  | { readonly at: number; readonly kind: 'block'; readonly way: Way; readonly ms: number }
  /** Everything passes `by` milliseconds later. */
  | { readonly at: number; readonly kind: 'delay'; readonly way: Way; readonly by: number; readonly ms: number };

/** How an order is placed: REST v1 with an Idempotency-Key, panel API v2 with a `request_id`, or v2 without one. */
export type Channel = 'v1' | 'v2 with request_id' | 'v2';

/** One order that a customer wants, and the follow-up request after it. */
export interface Wish {
  readonly at: number;
  /** The Idempotency-Key or request_id, the reference, and a part of the link; unique to this order. */
  readonly name: string;
  readonly link: string;
  readonly channel: Channel;
  readonly quantity: number;
  /** Runs of a drip-feed, a minute apart. */
  readonly runs: number;
  readonly asks: 'nothing' | 'cancel' | 'refill';
  /** Milliseconds from the answer to the cancel request. */
  readonly asksAfter: number;
}

export interface Plan {
  readonly strikes: readonly Strike[];
  readonly wishes: readonly Wish[];
}

/** The processes that a `kill -9` of everything kills. */
export const EVERYTHING: readonly PartName[] = ['api', 'worker', 'temporal', 'postgres'];

/** Everything that the seed decides. The seed does not decide which line of code a kill interrupts. */
export function planOf({ seed, minutes, kills, orders }: ChaosOptions): Plan {
  const choices = choicesOf(seed);
  const length = minutes * 60_000;
  return {
    strikes: strikesOf(choices, length, kills),
    wishes: Array.from({ length: orders }, (_, number) =>
      wishOf(choices, {
        name: `chaos-${seed}-${number + 1}`,
        at: Math.round((number / orders) * length),
        // The second run is due a minute later. A drip-feed begun late would only make the whole test wait.
        dripRuns: number / orders < DRIP_FEEDS_UNTIL ? 2 : 1,
        isLost: number % LOST_EVERY === LOST_EVERY - 1,
      }),
    ),
  };
}

/** Drip-feeds are ordered only in this first share of the run. */
const DRIP_FEEDS_UNTIL = 0.3;
/** One order in this many is accepted by the provider, but its answer is lost. */
const LOST_EVERY = 25;

function strikesOf(choices: Choices, length: number, kills: number): Strike[] {
  // Every process is killed equally often, in an order that the seed decides. The provider is killed in every third round. One
  // kill in eight kills everything at once.
  const pool: PartName[] = [];
  const strikes: Strike[] = [];
  let rounds = 0;
  for (let number = 0; number < kills; number += 1) {
    const at = Math.round(((number + 0.2 + 0.6 * choices.fraction()) / kills) * length);
    if (number % 8 === 5) strikes.push({ at, kind: 'kill', parts: EVERYTHING, atWork: true });
    else {
      if (pool.length === 0) {
        rounds += 1;
        pool.push(...EVERYTHING, ...(rounds % 3 === 0 ? ['provider' as const] : []));
      }
      const [part = 'worker'] = pool.splice(choices.between(0, pool.length - 1), 1);
      strikes.push({ at, kind: 'kill', parts: [part], atWork: number % 3 !== 2 });
    }
  }
  for (let number = 0; number < kills; number += 1) {
    strikes.push(lesserStrike(choices, Math.round(((number + choices.fraction()) / kills) * length)));
  }
  return strikes.sort((one, other) => one.at - other.at);
}

function lesserStrike(choices: Choices, at: number): Strike {
  const kind = choices.among([
    ['freeze', 3],
    ['cut', 3],
    ['block', 1],
    ['delay', 2],
  ] as const);
  if (kind === 'freeze') {
    const part = choices.among(EVERYTHING.map((name) => [name, 1] as const));
    return { at, kind, part, ms: choices.between(1_500, 6_000) };
  }
  const way = choices.among(WAYS.map((name) => [name, name === 'provider' ? 3 : 1] as const));
  if (kind === 'cut') return { at, kind, way };
  const ms = choices.between(1_000, 4_000);
  return kind === 'block' ? { at, kind, way, ms } : { at, kind, way, by: choices.between(20, 300), ms };
}

export interface WishOptions extends Pick<Wish, 'at' | 'name'> {
  /** Runs of the order when it is a drip-feed. */
  readonly dripRuns: number;
  /** Whether the provider's answer is lost. The network alone loses one too rarely to see what follows. */
  readonly isLost: boolean;
}

/** An order of any kind, asked for in any way. */
export function wishOf(choices: Choices, { at, name, dripRuns, isLost }: WishOptions): Wish {
  const plain = {
    at,
    name,
    channel: choices.among<Channel>([
      ['v1', 7],
      ['v2 with request_id', 1],
      ['v2', 2],
    ]),
    quantity: 50 * choices.between(2, 20),
    runs: 1,
    asks: 'nothing' as const,
    asksAfter: 0,
  };
  const link = (sim: string) => `https://example.com/chaos/${name}?sim=${sim}`;
  const kind = choices.among([
    ['full', 9],
    ['partial', 2],
    ['canceled', 1],
    ['drip', 3],
    ['cancel', 3],
    ['refill', 3],
  ] as const);
  switch (isLost ? 'lost' : kind) {
    case 'full':
      return { ...plain, link: link('seconds:2') };
    case 'partial':
      return { ...plain, link: link(`seconds:2,partial:${choices.between(1, plain.quantity - 1)}`) };
    case 'canceled':
      return { ...plain, link: link('seconds:2,cancel') };
    case 'lost':
      return { ...plain, link: link('seconds:2,fault:accept-drop@add') };
    case 'drip':
      return { ...plain, link: link('seconds:2'), runs: dripRuns };
    case 'cancel':
      return { ...plain, link: link('seconds:4'), asks: 'cancel', asksAfter: choices.between(0, 8_000) };
    case 'refill':
      return { ...plain, link: link('seconds:1,onrefill:1'), asks: 'refill' };
  }
}
