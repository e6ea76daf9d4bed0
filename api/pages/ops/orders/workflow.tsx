import type { FC } from 'hono/jsx';
import type { LiveOrder } from '../../../../client/openapi.ts';
import { count } from '../../view/formats.ts';
import { Status, Time } from '../../view/parts.tsx';
import { Facts } from '../../view/table.tsx';

/** The order as its workflow knows it at this moment, or why it does not answer. */
export const WorkflowState: FC<{ answer: LiveOrder | string }> = ({ answer }) => (
  <section id="workflow" aria-label="What the workflow says">
    <h2>What the workflow says</h2>
    {typeof answer === 'string' ? (
      <p>It gives no answer: {answer}.</p>
    ) : (
      <Facts
        of={[
          ['Status', <Status status={answer.status} attention={answer.attention} />],
          ['Delivered by ended batches', `${count(answer.delivered)} / ${count(answer.totalQuantity)}`],
          ['Runs begun', `${count(answer.runsBegun)} of ${count(answer.runs)}`],
          ['Next run', <Time at={answer.nextRunAt} />],
          ['Waits for an earlier order', answer.queued ? 'yes' : 'no'],
          ['Stands still', answer.parked ?? 'no'],
          [
            'Open batches',
            answer.batches.length === 0
              ? 'none'
              : answer.batches
                  .map(({ batch, state, provider }) => `${batch} ${state}${provider === null ? '' : ` at ${provider}`}`)
                  .join(', '),
          ],
          [
            'Refill',
            answer.refill === null
              ? 'none'
              : `${answer.refill.status}${answer.refill.missing === null ? '' : `, ${count(answer.refill.missing)} missing`}`,
          ],
        ]}
      />
    )}
  </section>
);
