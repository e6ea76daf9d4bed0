import type { FC } from 'hono/jsx';
import type { Attempt, StaffOrderFile } from '../../../../client/openapi.ts';
import { LIMITS } from '../../../../domain/limits.ts';
import { count } from '../../view/formats.ts';
import { Amount, Said, Status, Time } from '../../view/parts.tsx';
import { type Column, OnlyLast, Row, Table } from '../../view/table.tsx';
import { ProviderLink } from '../links.tsx';

const BATCH_COLUMNS: readonly Column[] = [
  { name: 'Batch' },
  { name: 'Status' },
  { name: 'Provider' },
  { name: 'Order there' },
  { name: 'It says' },
  { name: 'Delivered', kind: 'number' },
  { name: 'Start count', kind: 'number' },
  { name: 'Remains', kind: 'number' },
  { name: 'Cost', kind: 'number' },
  { name: 'Last progress', kind: 'number' },
];

const Unknown = <span class="quiet">–</span>;
const orSaid = (text: string | null) => (text === null ? Unknown : <Said text={text} />);
const countOr = (number: number | null) => (number === null ? Unknown : count(number));

/** Says that a list has as many rows as it can have, so that there may be earlier ones. */
export const MayBeMore: FC<{ rows: number; most: number; what: string }> = ({ rows, most, what }) =>
  rows < most ? '' : <OnlyLast shown={rows} what={what} />;

/** The sends of an order, each with what its provider says. */
export const Batches: FC<{ order: StaffOrderFile }> = ({ order: { batches } }) => {
  const last = batches.at(-1);
  if (last === undefined) return <p class="quiet">Nothing was sent yet.</p>;
  return (
    <>
      {last.batch > batches.length ? <OnlyLast shown={batches.length} all={last.batch} what="batches" /> : ''}
      <Table columns={BATCH_COLUMNS} caption="Batches">
        {batches.map((one) => (
          <Row
            columns={BATCH_COLUMNS}
            cells={[
              <span class="number">
                {count(one.batch)}
                {one.refill === null ? '' : <span class="quiet"> refill {one.refill}</span>}
              </span>,
              <Status status={one.status} />,
              one.provider === null ? Unknown : <ProviderLink id={one.provider} name={one.providerName} />,
              one.providerOrder ?? Unknown,
              one.providerStatus ?? Unknown,
              <span class="number">
                {count(one.delivered)} / {count(one.quantity)}
              </span>,
              countOr(one.startCount),
              countOr(one.remains),
              one.providerCharge ?? Unknown,
              <Time at={one.progressAt} />,
            ]}
          />
        ))}
      </Table>
    </>
  );
};

const ATTEMPT_COLUMNS: readonly Column[] = [
  { name: 'Attempt' },
  { name: 'State' },
  { name: 'Provider' },
  { name: 'Order there' },
  { name: 'Why this route' },
  { name: 'What came back' },
  { name: 'Sent', kind: 'number' },
];

const TONES: Partial<Record<Attempt['state'], string>> = {
  accepted: 'is-completed',
  refused: 'is-refused',
  unknown: 'is-attention',
};

/** The tries to place the batches, newest first. */
export const Attempts: FC<{ attempts: readonly Attempt[] }> = ({ attempts }) =>
  attempts.length === 0 ? (
    <p class="quiet">No attempt yet.</p>
  ) : (
    <>
      <MayBeMore rows={attempts.length} most={LIMITS.attemptsShown} what="attempts" />
      <Table columns={ATTEMPT_COLUMNS} caption="Attempts">
        {attempts.map((one) => (
          <Row
            columns={ATTEMPT_COLUMNS}
            cells={[
              <span class="number">
                {one.batch}.{one.attempt} <span class="quiet">{count(one.quantity)}</span>
              </span>,
              <span class={`badge ${TONES[one.state] ?? ''}`}>{one.state}</span>,
              <span>
                <ProviderLink id={one.provider} name={one.providerName} />{' '}
                <span class="quiet">service {one.providerService}</span>
              </span>,
              one.providerOrder ?? Unknown,
              one.choice.why,
              orSaid(one.error ?? one.said),
              <Time at={one.sentAt} />,
            ]}
          />
        ))}
      </Table>
    </>
  );

const MONEY_COLUMNS: readonly Column[] = [
  { name: 'What' },
  { name: 'From' },
  { name: 'To' },
  { name: 'Note' },
  { name: 'Amount', kind: 'number' },
  { name: 'When', kind: 'number' },
];

/** The movements of the order's money in the ledger. */
export const Money: FC<{ order: StaffOrderFile }> = ({ order: { money, currency } }) => (
  <>
    <MayBeMore rows={money.length} most={LIMITS.moneyShown} what="movements" />
    <Table columns={MONEY_COLUMNS} caption="Money">
      {money.map(({ kind, from, to, amount, note, at }) => (
        <Row
          columns={MONEY_COLUMNS}
          cells={[kind, from, to, note ?? Unknown, <Amount of={amount} currency={currency} />, <Time at={at} />]}
        />
      ))}
    </Table>
  </>
);
