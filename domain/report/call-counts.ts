import { addUp, type Histogram } from './histogram.ts';

/** The calls of an action to a provider that ended in one minute. */
export interface CallCounts {
  readonly provider: number;
  /** The beginning of the minute, in milliseconds since 1970. */
  readonly minute: number;
  readonly action: string;
  readonly answered: number;
  /** Answers with an HTTP status of 400 or more; they are answered too. */
  readonly errors: number;
  /** Calls that provably never left us. */
  readonly notSent: number;
  /** Calls that left, or may have left, without a whole answer. */
  readonly noAnswer: number;
  /** Milliseconds from connecting to the end of the answer, or to the failure. */
  readonly latency: Histogram;
}

/** Both counts together, with the minute, action and provider of the first. */
export const sumOfCalls = (one: CallCounts, other: CallCounts): CallCounts => ({
  ...one,
  answered: one.answered + other.answered,
  errors: one.errors + other.errors,
  notSent: one.notSent + other.notSent,
  noAnswer: one.noAnswer + other.noAnswer,
  latency: addUp(one.latency, other.latency),
});
