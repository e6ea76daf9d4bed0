import { ApplicationFailure } from '@temporalio/activity';
import { ApplicationFailureCategory, type Duration } from '@temporalio/common';

/** An expected failure, which Temporal retries after `nextRetryDelay`. */
export const expected = (message: string, nextRetryDelay: Duration): ApplicationFailure =>
  ApplicationFailure.create({ message, category: ApplicationFailureCategory.BENIGN, nextRetryDelay });
