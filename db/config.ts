import { z } from 'zod';

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** postgres://user:password@host:port/database */
export const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });

/** 32 random bytes in base64: opens the secrets in the database, see secrets.ts. */
export const masterKey = z
  .string()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, 'must be 32 bytes in base64');

const isBare = (text: string): boolean => /^[^/]+\/\/[^/?#]+\/?$/.test(text);

const isMailbox = (text: string): boolean =>
  z.email().safeParse(text.replace(/^[^\p{C}<>"\\,;:@()[\]]{1,100} <(.+)>$/u, '$1')).success;

/** An optional setting. An empty text counts as absent, because compose files pass one for a variable that is not set. */
export const optionally = <T extends z.ZodType>(schema: T) =>
  z
    .literal('')
    .transform(() => undefined)
    .or(schema)
    .optional();

/** What every process needs, from its environment. Each process has a `loadConfig` that starts from these. */
export const baseEnvironment = z.object({
  DATABASE_URL: databaseUrl,
  /** host:port of a Temporal server. */
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  HOLDFAST_MASTER_KEY: masterKey,
  /** Whether providers, counters and webhooks may be at loopback and private addresses, and without TLS. */
  ALLOW_LOOPBACK_URLS: flag.default(false),
  /**
   * The counter for services that name none of their own: `GET <url>?link=<link>`. It is the operator's own and may be at any
   * address. The API stores it with orders, and the worker asks it.
   */
  COUNTER_URL: optionally(z.url({ protocol: /^https?$/ })),
  /** Where people reach the pages, without a path: the Temporal UI links orders to their pages there. */
  PUBLIC_URL: optionally(z.url({ protocol: /^https?$/ })),
  /** The one currency of the installation, as shown to customers. */
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3,5}$/)
    .default('USD'),
  /** The mail server, smtps://user:password@host:port or smtp://…; the worker uses it, the API only checks that there is one. */
  SMTP_URL: optionally(z.url({ protocol: /^smtps?$/, hostname: /./ }).refine(isBare, 'must end with its host or port')),
  /** The sender of mails: `orders@example.com`, or `Example <orders@example.com>`. */
  MAIL_FROM: optionally(z.string().refine(isMailbox, 'must be an e-mail address, or a name and <an address>')),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Whether both settings of e-mail are there, or neither. */
export const hasWholeMail = ({ SMTP_URL, MAIL_FROM }: z.output<typeof baseEnvironment>): boolean =>
  (SMTP_URL === undefined) === (MAIL_FROM === undefined);
export const WHOLE_MAIL = { path: ['MAIL_FROM'], error: 'SMTP_URL and MAIL_FROM go together: set both or neither' };

/**
 * Reads an environment by a schema.
 * @throws Error naming each variable that is missing or wrong, never its value.
 */
export function readEnvironment<T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv): T {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`environment variables are missing or wrong:\n  ${wrong.join('\n  ')}`);
}
