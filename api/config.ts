import { z } from 'zod';
import { baseEnvironment, flag, readEnvironment } from '../db/config.ts';

const environment = baseEnvironment.extend({
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Where targets are counted for services that name no counter of their own: `GET <url>?link=<link>`. */
  COUNTER_URL: z
    .literal('')
    .transform(() => undefined)
    .or(z.url({ protocol: /^https?$/ }))
    .optional(),
  /** Whether the API brings the database to its version before it listens. */
  MIGRATE: flag.default(false),
});

export type ApiConfig = z.infer<typeof environment>;

/** @throws Error naming what is missing or wrong. */
export const loadConfig = (from: NodeJS.ProcessEnv = process.env): ApiConfig => readEnvironment(environment, from);
