import type { Check } from '../check.ts';
import { api } from './api.ts';
import { books } from './books.ts';
import { certificates } from './certificates.ts';
import { clocks } from './clock.ts';
import { disk } from './disk.ts';
import { migrations } from './migrations.ts';
import { pollers } from './pollers.ts';
import { postgresql } from './postgresql.ts';
import { providerKeys } from './provider-keys.ts';
import { providers } from './providers.ts';
import { schedules } from './schedules.ts';
import { attributes } from './search-attributes.ts';
import { temporal } from './temporal.ts';
import { webhooks } from './webhooks.ts';

/** All checks, in the order in which they are shown: engines first, then what depends on them. */
export const CHECKS: readonly Check[] = [
  postgresql,
  migrations,
  temporal,
  attributes,
  pollers,
  schedules,
  ...clocks,
  api,
  providerKeys,
  providers,
  webhooks,
  books,
  disk,
  certificates,
];
