/** A limit: `perSecond` requests in the long run, and `burst` at once after a rest. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** The state of a bucket after a request. */
export interface Allowance {
  readonly allowed: boolean;
  /** Requests that are allowed right now. */
  readonly remaining: number;
  /** Seconds until the whole burst is allowed again. */
  readonly fullIn: number;
}

/** How many names are remembered. The least recently used name is forgotten first, and starts again with a whole burst. */
const MOST = 50_000;

/** A token bucket for each name, in the memory of this process. */
export class TokenBuckets {
  readonly rate: Rate;
  readonly #most: number;
  /** In order of their last use. */
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(rate: Rate, most: number = MOST) {
    this.rate = rate;
    this.#most = most;
  }

  /** Takes a token, if there is one. `nowMs` must be monotonic: the wall clock can be set back. */
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
