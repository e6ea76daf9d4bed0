import { z } from 'zod';
import { baseEnvironment, hasWholeMail, optionally, readEnvironment, WHOLE_MAIL } from '../../db/config.ts';
import { LIMITS } from '../../domain/limits.ts';

const environment = baseEnvironment
  .extend({
    /** Where the worker answers /readyz and /metrics. */
    WORKER_HOST: z.string().min(1).default('127.0.0.1'),
    WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
    /** Activities of orders that this worker runs at the same time. */
    WORKER_ACTIVITY_SLOTS: z.coerce.number().int().min(1).max(LIMITS.activitySlots).default(LIMITS.activitySlots),
    /**
     * The version of the workflows in this worker, such as a release or a commit. With it, workflows stay on the version that began
     * them, see docs/change-a-workflow.md. Without it, each worker takes all workflows.
     */
    WORKER_BUILD_ID: optionally(z.string().regex(/^[\w.-]{1,100}$/)),
  })
  .refine(hasWholeMail, WHOLE_MAIL);

export type WorkerConfig = z.infer<typeof environment>;

/** @throws Error naming what is missing or wrong. */
export const loadConfig = (from: NodeJS.ProcessEnv = process.env): WorkerConfig => readEnvironment(environment, from);
