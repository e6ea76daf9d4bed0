import { createMiddleware } from 'hono/factory';
import { Refusal } from '../../domain/errors.ts';
import { clientPlace } from '../http/client-address.ts';
import type { ApiContext, ApiEnv } from '../http/context.ts';
import { type Allowance, type Rate, TokenBuckets } from './token-buckets.ts';

/** Settings of an installation. Each process counts by itself, so N processes allow N times as much. */
export interface RateSettings {
  /** Requests with one key. */
  readonly RATE_LIMIT_PER_SECOND: number;
  readonly RATE_LIMIT_BURST: number;
  /** Requests without a valid key from one address. */
  readonly ADDRESS_LIMIT_PER_SECOND: number;
  readonly ADDRESS_LIMIT_BURST: number;
  /** Proxies of our own in front of the API, whose X-Forwarded-For is believed. */
  readonly TRUSTED_PROXIES: number;
}

export const DEFAULT_RATES: RateSettings = {
  RATE_LIMIT_PER_SECOND: 100,
  RATE_LIMIT_BURST: 200,
  ADDRESS_LIMIT_PER_SECOND: 20,
  ADDRESS_LIMIT_BURST: 100,
  TRUSTED_PROXIES: 0,
};

/** Counts requests. A request with a valid key counts for the key; any other counts for its address. */
export interface RateLimits {
  /** @throws Refusal `rate_limited` */
  readonly key: (c: ApiContext, keyId: number) => void;
  /** @throws Refusal `rate_limited` */
  readonly stranger: (c: ApiContext) => void;
}

/** What a limit applies to. */
export const LIMITED_BY = ['key', 'address'] as const;
export type LimitedBy = (typeof LIMITED_BY)[number];

/** `onLimited` is called for every request that is refused. */
export function createRateLimits(
  settings: Partial<RateSettings>,
  onLimited: (by: LimitedBy) => void = () => {},
): RateLimits {
  const rates = { ...DEFAULT_RATES, ...settings };
  const keys = new TokenBuckets({ perSecond: rates.RATE_LIMIT_PER_SECOND, burst: rates.RATE_LIMIT_BURST });
  const places = new TokenBuckets({ perSecond: rates.ADDRESS_LIMIT_PER_SECOND, burst: rates.ADDRESS_LIMIT_BURST });
  const spend = (c: ApiContext, by: LimitedBy, buckets: TokenBuckets, name: string): void => {
    const allowance = buckets.take(name);
    for (const [header, value] of headersOf(POLICIES[by], buckets.rate, allowance)) c.header(header, value);
    if (allowance.allowed) return;
    onLimited(by);
    throw new Refusal('rate_limited');
  };
  return {
    key: (c, keyId) => spend(c, 'key', keys, String(keyId)),
    stranger: (c) => spend(c, 'address', places, clientPlace(c, rates.TRUSTED_PROXIES)),
  };
}

/** The names of the limits in the headers. */
const POLICIES = { key: 'default', address: 'address' } as const satisfies Record<LimitedBy, string>;

/** Structured fields of draft-ietf-httpapi-ratelimit-headers. The quota is the burst; its window is the time to refill it. */
const headersOf = (policy: string, { perSecond, burst }: Rate, { remaining, fullIn }: Allowance) =>
  [
    ['RateLimit-Policy', `"${policy}";q=${burst};w=${Math.ceil(burst / perSecond)}`],
    ['RateLimit', `"${policy}";r=${remaining};t=${fullIn}`],
  ] as const;

/** Limits requests by address, for pages that need no key. */
export const limitStrangers = ({ stranger }: RateLimits) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    stranger(c);
    await next();
  });
