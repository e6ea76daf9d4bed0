import { z } from 'zod';
import { baseEnvironment, hasWholeMail, WHOLE_MAIL } from '../db/config.ts';
import { readEnvironment } from '../db/settings/environment.ts';
import { flag, optionally, setting } from '../db/settings/setting.ts';
import { DEFAULT_RATES } from './limits/rate-limits.ts';

const perSecond = z.coerce.number().int().min(1).max(1_000_000);
const port = z.coerce.number().int().min(0).max(65_535);

/** What the API needs beside the settings that it shares with the worker. */
export const apiSettings = {
  API_HOST: setting(z.string().min(1).default('127.0.0.1'), 'address', 'where the API listens'),
  API_PORT: setting(port.default(3000), 'port', 'where the API listens'),
  API_DRAIN_SECONDS: setting(
    z.coerce.number().int().min(0).max(300).default(5),
    'seconds',
    'how long the API still takes requests after SIGTERM, while `/readyz` answers 503: twice as long as your proxy takes to see that',
  ),
  METRICS_HOST: setting(z.string().min(1).default('127.0.0.1'), 'address', 'where `/metrics` is'),
  METRICS_PORT: setting(port.default(9464), 'port', 'the port of `/metrics`, apart from the one that customers reach'),
  RATE_LIMIT_PER_SECOND: setting(
    perSecond.default(DEFAULT_RATES.RATE_LIMIT_PER_SECOND),
    'number',
    'requests of one key a second. Each API process counts by itself',
  ),
  RATE_LIMIT_BURST: setting(
    perSecond.default(DEFAULT_RATES.RATE_LIMIT_BURST),
    'number',
    'requests of one key at once, after a rest',
  ),
  ADDRESS_LIMIT_PER_SECOND: setting(
    perSecond.default(DEFAULT_RATES.ADDRESS_LIMIT_PER_SECOND),
    'number',
    'requests a second of one address without a valid key',
  ),
  ADDRESS_LIMIT_BURST: setting(
    perSecond.default(DEFAULT_RATES.ADDRESS_LIMIT_BURST),
    'number',
    'requests at once of one address without a valid key',
  ),
  TRUSTED_PROXIES: setting(
    z.coerce.number().int().min(0).max(10).default(DEFAULT_RATES.TRUSTED_PROXIES),
    'number',
    'your own proxies in front of the API: the API believes that many entries from the end of `X-Forwarded-For`',
  ),
  TEMPORAL_UI_URL: setting(
    optionally(z.url({ protocol: /^https?$/ })),
    'URL',
    'the Temporal UI, to which the pages of staff link',
  ),
  MIGRATE: setting(
    flag.default(false),
    'true or false',
    'the API migrates the database before it listens; it then needs the owner’s password',
  ),
};

const environment = baseEnvironment.extend(apiSettings).refine(hasWholeMail, WHOLE_MAIL);

export type ApiConfig = z.infer<typeof environment>;

/** @throws Error naming each variable that is missing or invalid. */
export const loadConfig = (from: NodeJS.ProcessEnv = process.env): ApiConfig => readEnvironment(environment, from);
