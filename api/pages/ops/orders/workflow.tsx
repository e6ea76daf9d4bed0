import type { FC } from 'hono/jsx';
import type { LiveOrder, StaffOrderFile } from '../../../../client/openapi.ts';
import { count } from '../../view/formats.ts';
import { Said, Status, Time } from '../../view/parts.tsx';
import { Facts } from '../../view/table.tsx';

interface Answered {
  readonly answer: LiveOrder | string;
  /** Its batches have the names of the providers, which no workflow knows. */
  readonly order: Pick<StaffOrderFile, 'batches'>;
}

/** The batches that have not ended, each with its provider: `2 running at Panel A`. */
function openBatches({ batches }: LiveOrder, order: Answered['order']): string {
  if (batches.length === 0) return 'none';
  const names = new Map(order.batches.map(({ provider, providerName }) => [provider, providerName]));
  const place = (provider: number | null) =>
    provider === null ? '' : ` at ${names.get(provider) ?? `provider ${provider}`}`;
  return batches.map(({ batch, state, provider }) => `${batch} ${state}${place(provider)}`).join(', ');
}

/** The order as its workflow knows it at this moment, or why it does not answer. */
export const WorkflowState: FC<Answered> = ({ answer, order }) => (
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
          ['Stands still', answer.parked === null ? 'no' : <Said text={answer.parked} />],
          ['Open batches', openBatches(answer, order)],
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
