import { z } from 'zod';

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** postgres://user:password@host:port/database */
export const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });

/** 32 random bytes in base64: opens the secrets in the database, see secrets.ts. */
export const masterKey = z
  .string()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, 'must be 32 bytes in base64');

/** What every process needs, from its environment. Each process has a `loadConfig` that starts from these. */
export const baseEnvironment = z.object({
  DATABASE_URL: databaseUrl,
  /** host:port of a Temporal server. */
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  HOLDFAST_MASTER_KEY: masterKey,
  /** Whether providers and webhooks may be at loopback and private addresses, and webhooks without TLS. */
  ALLOW_LOOPBACK_URLS: flag.default(false),
  /** The one currency of the installation, as shown to customers. */
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3,5}$/)
    .default('USD'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/**
 * Reads an environment by a schema.
 * @throws Error naming each variable that is missing or wrong, never its value.
 */
export function readEnvironment<T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv): T {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`the environment is not complete:\n  ${wrong.join('\n  ')}`);
}
