import { z } from 'zod';
import { baseEnvironment, flag, hasWholeMail, optionally, readEnvironment, WHOLE_MAIL } from '../db/config.ts';
import { DEFAULT_RATES } from './limits/rate-limits.ts';

const perSecond = z.coerce.number().int().min(1).max(1_000_000);

const environment = baseEnvironment
  .extend({
    API_HOST: z.string().min(1).default('127.0.0.1'),
    API_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    /** The address of /metrics, apart from the API's own port. */
    METRICS_HOST: z.string().min(1).default('127.0.0.1'),
    METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(9464),
    /** Requests allowed for one key, and for one address without a valid key. Each API process counts by itself. */
    RATE_LIMIT_PER_SECOND: perSecond.default(DEFAULT_RATES.RATE_LIMIT_PER_SECOND),
    RATE_LIMIT_BURST: perSecond.default(DEFAULT_RATES.RATE_LIMIT_BURST),
    ADDRESS_LIMIT_PER_SECOND: perSecond.default(DEFAULT_RATES.ADDRESS_LIMIT_PER_SECOND),
    ADDRESS_LIMIT_BURST: perSecond.default(DEFAULT_RATES.ADDRESS_LIMIT_BURST),
    /** Number of our own proxies in front of the API: this many entries from the end of X-Forwarded-For are trusted. */
    TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(DEFAULT_RATES.TRUSTED_PROXIES),
    /** The Temporal UI, to which the pages of staff link. */
    TEMPORAL_UI_URL: optionally(z.url({ protocol: /^https?$/ })),
    /** Whether the API migrates the database before it listens. */
    MIGRATE: flag.default(false),
  })
  .refine(hasWholeMail, WHOLE_MAIL);

export type ApiConfig = z.infer<typeof environment>;

/** @throws Error naming each variable that is missing or invalid. */
export const loadConfig = (from: NodeJS.ProcessEnv = process.env): ApiConfig => readEnvironment(environment, from);
