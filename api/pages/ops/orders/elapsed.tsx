import type { FC } from 'hono/jsx';
import type { StaffOrder } from '../../../../client/openapi.ts';
import { duration } from '../../view/formats.ts';

/** How long an order runs or ran, against the time in which 95 of 100 orders of its service are Completed. */
export const Elapsed: FC<{
  order: Pick<StaffOrder, 'startedAt' | 'settledAt' | 'elapsedSeconds' | 'expectedSeconds' | 'isLate'>;
}> = ({ order: { startedAt, settledAt, elapsedSeconds, expectedSeconds, isLate } }) => {
  if (startedAt === null) return <span class="quiet">not started</span>;
  return (
    <span class="number">
      <span class={isLate ? 'late' : ''} {...(settledAt === null ? { 'data-since': startedAt } : {})}>
        {duration(elapsedSeconds)}
      </span>
      {expectedSeconds === null ? (
        ''
      ) : (
        <span class="quiet" title="95 of 100 orders of the service are Completed in this time">
          {' '}
          of {duration(expectedSeconds)}
        </span>
      )}
    </span>
  );
};
