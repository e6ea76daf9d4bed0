import { ApplicationFailure } from '@temporalio/common';
import { sqlState } from '../../db/errors.ts';
import { SQLSTATE } from '../../db/ledger/ledger.ts';
import { STALE } from '../../workflows/contract.ts';

/** A workflow goes by an older state of its order: that is for the workflow to mend. */
export const stale = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable('the workflow does not know what PostgreSQL knows', STALE);

/** What to throw for an error of PostgreSQL: the same, when that is what it says. */
export const orStale = (error: unknown): unknown => (sqlState(error) === SQLSTATE.stale ? stale() : error);
