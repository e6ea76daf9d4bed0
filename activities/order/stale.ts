import { ApplicationFailure } from '@temporalio/common';
import { sqlState } from '../../db/errors.ts';
import { SQLSTATE } from '../../db/ledger/ledger.ts';
import { STALE } from '../../workflows/contract.ts';

/** The workflow's state is older than PostgreSQL's: the workflow must reload. */
export const stale = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable('the workflow does not know what PostgreSQL knows', STALE);

/** The error to throw for an error of PostgreSQL: `stale` when PostgreSQL says so, else the same error. */
export const orStale = (error: unknown): unknown => (sqlState(error) === SQLSTATE.stale ? stale() : error);
