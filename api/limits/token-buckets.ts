/** How fast somebody may ask: `perSecond` for ever, and `burst` at once after a rest. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** How somebody stands after asking. */
export interface Allowance {
  readonly allowed: boolean;
  /** How often they may ask at this moment. */
  readonly remaining: number;
  /** Seconds until they have the whole burst again. */
  readonly fullIn: number;
}

/** Names that are remembered at most. Who is forgotten, the one longest not heard of first, has a whole burst again. */
const MOST = 50_000;

/** One bucket of tokens a name, in the memory of this process. */
export class TokenBuckets {
  readonly rate: Rate;
  readonly #most: number;
  /** In the order in which they were last heard of. */
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(rate: Rate, most: number = MOST) {
    this.rate = rate;
    this.#most = most;
  }

  /** Takes a token, if there is one. `nowMs` never goes back: a clock that can be set is no clock for this. */
  take(name: string, nowMs: number = performance.now()): Allowance {
    const { perSecond, burst } = this.rate;
    const before = this.#buckets.get(name) ?? { tokens: burst, at: nowMs };
    const tokens = Math.min(burst, before.tokens + ((nowMs - before.at) / 1_000) * perSecond);
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    this.#buckets.delete(name);
    this.#buckets.set(name, { tokens: left, at: nowMs });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > this.#most && oldest !== undefined) this.#buckets.delete(oldest);
    return { allowed, remaining: Math.floor(left), fullIn: Math.ceil((burst - left) / perSecond) };
  }
}
