import { z } from 'zod';

const Environment = z.object({
  PROVIDER_PORT: z.coerce.number().int().min(0).max(65_535),
  PROVIDER_KEY: z.string().min(1),
  PROVIDER_DATA_DIR: z.string().min(1),
  PROVIDER_SEED: z.string().min(1).optional(),
  PROVIDER_SPEED: z.coerce.number().positive().optional(),
});

/** The settings of the simulated provider's process, from the environment. Throws, naming what is missing. */
export function loadProviderConfig(env: Record<string, string | undefined> = process.env) {
  const read = Environment.safeParse(env);
  if (!read.success) throw new Error(`The provider cannot start:\n${z.prettifyError(read.error)}`);
  return read.data;
}
