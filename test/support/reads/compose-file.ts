import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** The checkout, with a slash at its end. */
export const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

const texts = z.array(z.string());
const duration = z.string().regex(/^\d+(s|m)$/);

const mount = z.strictObject({
  type: z.literal('bind'),
  source: z.string(),
  target: z.string(),
  read_only: z.literal(true),
  bind: z.strictObject({ create_host_path: z.boolean() }),
});

/** The part of the Compose specification that docker-compose.yml uses. A key that is not here, or a mistyped one, is an error. */
const service = z.strictObject({
  image: z.string(),
  build: z.literal('.').optional(),
  profiles: texts.optional(),
  user: z.string(),
  restart: z.enum(['no', 'unless-stopped']),
  init: z.boolean().optional(),
  read_only: z.literal(true),
  tmpfs: texts,
  cap_drop: texts,
  security_opt: texts,
  logging: z.strictObject({
    driver: z.literal('json-file'),
    options: z.strictObject({ 'max-size': z.string(), 'max-file': z.string() }),
  }),
  entrypoint: texts.optional(),
  command: texts.optional(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']) }),
    )
    .optional(),
  networks: texts.or(z.record(z.string(), z.strictObject({ aliases: texts.optional() }).nullable())),
  ports: texts.optional(),
  volumes: z.array(z.string().or(mount)).optional(),
  shm_size: z.string().optional(),
  stop_grace_period: duration.optional(),
  deploy: z.strictObject({
    resources: z.strictObject({
      limits: z.strictObject({
        cpus: z.string().regex(/^\d+$/),
        memory: z.string().regex(/^\d+[mg]$/),
        pids: z.int(),
      }),
    }),
  }),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal('CMD'), z.string()], z.string()),
      interval: duration,
      timeout: duration,
      retries: z.int(),
      start_period: duration.optional(),
    })
    .optional(),
});

const composeFile = z.strictObject({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.strictObject({ internal: z.boolean() }).nullable()),
  volumes: z.record(z.string(), z.null()),
});

export type ComposeService = z.infer<typeof service>;
export type ComposeFile = z.infer<typeof composeFile>;

export const composeText = (): string => readFileSync(`${PROJECT}docker-compose.yml`, 'utf8');

/** docker-compose.yml with its anchors resolved; variables stay as `${NAME}`. @throws Error when it is not as the specification says. */
export function readCompose(): ComposeFile {
  const whole: Record<string, unknown> = parse(composeText(), { merge: true });
  return composeFile.parse(Object.fromEntries(Object.entries(whole).filter(([key]) => !key.startsWith('x-'))));
}

export interface Variable {
  readonly name: string;
  /** The default after `:-`. */
  readonly fallback: string | undefined;
  /** Whether Compose refuses to start without it (`:?`). */
  readonly isRequired: boolean;
}

/** `$${NAME}` is the shell's own. */
const VARIABLE = /(?<!\$)\$\{([A-Z_]+)(?:(:[-?])([^}]*))?\}/g;

export const variablesOf = (text: string): Variable[] =>
  [...text.matchAll(VARIABLE)].map(([, name = '', kind, rest = '']) => ({
    name,
    fallback: kind === ':-' ? rest : undefined,
    isRequired: kind === ':?',
  }));

/** A text as a container gets it: with values for its variables, and `$$` as a dollar. @throws Error for a required variable without one. */
export const interpolated = (text: string, values: Readonly<Record<string, string>>): string =>
  text
    .replace(VARIABLE, (_, name: string, kind: string | undefined, rest: string) => {
      const value = values[name] ?? '';
      if (value === '' && kind === ':?') throw new Error(`${name} is not set`);
      return value === '' && kind === ':-' ? rest : value;
    })
    .replaceAll('$$', '$');

/** The names of a service's networks. */
export const networksOf = ({ networks }: ComposeService): string[] =>
  Array.isArray(networks) ? networks : Object.keys(networks);
