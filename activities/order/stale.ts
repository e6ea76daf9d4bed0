import { ApplicationFailure } from '@temporalio/common';
import { sqlState } from '../../db/errors.ts';
import { SQLSTATE } from '../../db/ledger/ledger.ts';
import { STALE } from '../../workflows/contract.ts';

/** The workflow's state is older than PostgreSQL's: the workflow must reload. */
export const stale = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable("the workflow's state of the order is older than PostgreSQL's", STALE);

/** Turns PostgreSQL's error for a stale caller into `stale()`; any other error stays as it is. */
export const orStale = (error: unknown): unknown => (sqlState(error) === SQLSTATE.stale ? stale() : error);
