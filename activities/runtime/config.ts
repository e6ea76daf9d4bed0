import { z } from 'zod';
import { baseEnvironment, hasWholeMail, WHOLE_MAIL } from '../../db/config.ts';
import { readEnvironment } from '../../db/settings/environment.ts';
import { optionally, setting } from '../../db/settings/setting.ts';
import { LIMITS } from '../../domain/limits.ts';

/** What the worker needs beside the settings that it shares with the API. */
export const workerSettings = {
  WORKER_HOST: setting(
    z.string().min(1).default('127.0.0.1'),
    'address',
    'where the worker answers `/readyz` and `/metrics`',
  ),
  WORKER_PORT: setting(
    z.coerce.number().int().min(0).max(65_535).default(3001),
    'port',
    'where the worker answers `/readyz` and `/metrics`',
  ),
  WORKER_ACTIVITY_SLOTS: setting(
    z.coerce.number().int().min(1).max(LIMITS.activitySlots).default(LIMITS.activitySlots),
    'number',
    'activities of orders that a worker runs at the same time',
  ),
  /** With it, workflows stay on the version that began them. Without it, each worker takes all workflows. */
  WORKER_BUILD_ID: setting(
    optionally(z.string().regex(/^[\w.-]{1,100}$/)),
    'text',
    'the version of the worker’s workflows, such as a release or a commit, see [change a workflow](change-a-workflow.md)',
  ),
};

const environment = baseEnvironment.extend(workerSettings).refine(hasWholeMail, WHOLE_MAIL);

export type WorkerConfig = z.infer<typeof environment>;

/** @throws Error naming what is missing or wrong. */
export const loadConfig = (from: NodeJS.ProcessEnv = process.env): WorkerConfig => readEnvironment(environment, from);
