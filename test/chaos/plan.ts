import type { PartName } from '../../dev/stack/stack.ts';
import { type Choices, choicesOf } from './random.ts';

/** How much of it: what `npm run test:chaos -- --minutes 10 --kills 40 --orders 3000 --seed 7` says. */
export interface ChaosOptions {
  readonly seed: number;
  /** For so long orders are placed and things break; what follows from it takes a few minutes more. */
  readonly minutes: number;
  readonly kills: number;
  readonly orders: number;
}

/** What the gate runs: as little as shows each thing. */
export const SHORT_FORM: Omit<ChaosOptions, 'seed'> = { minutes: 0.6, kills: 8, orders: 150 };

/** What the release runs. */
export const LONG_FORM: Omit<ChaosOptions, 'seed'> = { minutes: 10, kills: 40, orders: 3000 };

/** The ways between two processes that go through a proxy. */
export const WAYS = ['api', 'postgres', 'temporal', 'provider', 'receiver'] as const;
export type Way = (typeof WAYS)[number];

/** One thing that breaks. `at`, as everywhere here, is in milliseconds after the beginning, `ms` how long it lasts. */
export type Strike =
  /** SIGKILL, all of these at the same moment; `atWork`: not before some orders were acknowledged again. */
  | { readonly at: number; readonly kind: 'kill'; readonly parts: readonly PartName[]; readonly atWork: boolean }
  /** SIGSTOP, and SIGCONT afterwards. */
  | { readonly at: number; readonly kind: 'freeze'; readonly part: PartName; readonly ms: number }
  /** All its connections are reset. */
  | { readonly at: number; readonly kind: 'cut'; readonly way: Way }
  /** Connections stay, and nothing passes. */
  | { readonly at: number; readonly kind: 'block'; readonly way: Way; readonly ms: number }
  /** Everything passes `by` milliseconds later. */
  | { readonly at: number; readonly kind: 'delay'; readonly way: Way; readonly by: number; readonly ms: number };

/** How an order is placed: REST v1 with an Idempotency-Key, panel API v2 with a `request_id`, or v2 as it is. */
export type Channel = 'v1' | 'v2 with request_id' | 'v2';

/** One order that a customer wants, and what they will ask of it afterwards. */
export interface Wish {
  readonly at: number;
  /** Its Idempotency-Key or request_id, its reference, and part of its link, which no other order has. */
  readonly name: string;
  readonly link: string;
  readonly channel: Channel;
  readonly quantity: number;
  /** Of a drip-feed; a minute lies between two. */
  readonly runs: number;
  readonly asks: 'nothing' | 'cancel' | 'refill';
  /** How long after the answer it is asked to cancel. */
  readonly asksAfter: number;
}

export interface Plan {
  readonly strikes: readonly Strike[];
  readonly wishes: readonly Wish[];
}

/** The processes that `kill -9` of everything ends. */
export const EVERYTHING: readonly PartName[] = ['api', 'worker', 'temporal', 'postgres'];

/** Everything that the seed decides. When exactly a kill meets which line of code is not decided by it. */
export function planOf({ seed, minutes, kills, orders }: ChaosOptions): Plan {
  const choices = choicesOf(seed);
  const length = minutes * 60_000;
  return {
    strikes: strikesOf(choices, length, kills),
    wishes: Array.from({ length: orders }, (_, number) => wishOf(choices, seed, number, number / orders, length)),
  };
}

/** Drip-feeds are ordered in the first part of it all. */
const DRIP_FEEDS_UNTIL = 0.3;
/** Of so many orders one is taken by the provider, whose answer is lost. */
const LOST_EVERY = 25;

function strikesOf(choices: Choices, length: number, kills: number): Strike[] {
  // Each process is killed as often as the others, in an order that the seed decides, and every third time round the
  // provider too; one kill in eight ends all at once.
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

/** `share`: how much of the length is over by then. */
function wishOf(choices: Choices, seed: number, number: number, share: number, length: number): Wish {
  const name = `chaos-${seed}-${number + 1}`;
  const plain = {
    at: Math.round(share * length),
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
  // What a network does too, but seldom just then: in every run there is something that nobody can know.
  switch (number % LOST_EVERY === LOST_EVERY - 1 ? 'lost' : kind) {
    case 'full':
      return { ...plain, link: link('seconds:2') };
    case 'partial':
      return { ...plain, link: link(`seconds:2,partial:${choices.between(1, plain.quantity - 1)}`) };
    case 'canceled':
      return { ...plain, link: link('seconds:2,cancel') };
    case 'lost':
      return { ...plain, link: link('seconds:2,fault:accept-drop@add') };
    case 'drip':
      // The second run is due a minute later: those that begin late would only make everybody wait.
      return { ...plain, link: link('seconds:2'), runs: share < DRIP_FEEDS_UNTIL ? 2 : 1 };
    case 'cancel':
      return { ...plain, link: link('seconds:4'), asks: 'cancel', asksAfter: choices.between(0, 8_000) };
    case 'refill':
      return { ...plain, link: link('seconds:1,onrefill:1'), asks: 'refill' };
  }
}
