import { z } from 'zod';
import { databaseSettings } from './settings/database.ts';
import { flag, optionally, secret, setting, valueOrFile } from './settings/setting.ts';
import { temporalSettings } from './settings/temporal.ts';
import { tracingSettings } from './settings/tracing.ts';

/** 32 random bytes in base64: opens the secrets in the database, see secrets.ts. */
export const masterKey = z
  .string()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, 'must be 32 bytes in base64');

const isBare = (text: string): boolean => /^[^/]+\/\/[^/?#]+\/?$/.test(text);

const isMailbox = (text: string): boolean =>
  z.email().safeParse(text.replace(/^[^\p{C}<>"\\,;:@()[\]]{1,100} <(.+)>$/u, '$1')).success;

/** What API and worker need, from their environment. Each has a `loadConfig` that starts from these. */
export const baseEnvironment = z.object({
  ...databaseSettings,
  ...temporalSettings,
  ...valueOrFile(
    'HOLDFAST_MASTER_KEY',
    setting(
      masterKey,
      '32 bytes in base64',
      'opens the secrets in the database. Keep a copy apart from the database’s backups',
      secret,
    ),
  ),
  CURRENCY: setting(
    z
      .string()
      .regex(/^[A-Z]{3,5}$/)
      .default('USD'),
    '3 to 5 capital letters',
    'the one currency; it cannot be changed once there are orders',
  ),
  /** The API stores it with orders, and the worker asks it: `GET <url>?link=<link>`. */
  COUNTER_URL: setting(
    optionally(z.url({ protocol: /^https?$/ })),
    'URL',
    'the counter for services that name none ([watch](watch.md#counted-targets)); it may be at any address',
  ),
  PUBLIC_URL: setting(
    optionally(z.url({ protocol: /^https?$/ })),
    'URL',
    'where people reach the pages, without a path; the Temporal UI links each order to its page there',
  ),
  /** The worker uses it; the API only checks that there is one. */
  ...valueOrFile(
    'SMTP_URL',
    setting(
      optionally(z.url({ protocol: /^smtps?$/, hostname: /./ }).refine(isBare, 'must end with its host or port')),
      'URL',
      'mail server, `smtps://user:password@host:port` or `smtp://…`; user and password percent-encoded',
      secret,
    ),
  ),
  MAIL_FROM: setting(
    optionally(z.string().refine(isMailbox, 'must be an e-mail address, or a name and <an address>')),
    'e-mail address',
    'the sender of mails, `orders@example.com` or `Example <orders@example.com>`; goes with `SMTP_URL`, both or neither',
  ),
  ALLOW_LOOPBACK_URLS: setting(
    flag.default(false),
    'true or false',
    'providers, counters and webhooks may be at loopback and private addresses, without TLS: for a stack on one machine',
  ),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'word',
    '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
  ),
  ...tracingSettings,
});

/** Whether both settings of e-mail are there, or neither. */
export const hasWholeMail = ({ SMTP_URL, MAIL_FROM }: z.output<typeof baseEnvironment>): boolean =>
  (SMTP_URL === undefined) === (MAIL_FROM === undefined);
export const WHOLE_MAIL = { path: ['MAIL_FROM'], error: 'SMTP_URL and MAIL_FROM go together: set both or neither' };
