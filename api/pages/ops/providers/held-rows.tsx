import type { FC } from 'hono/jsx';
import type { HeldCorrection } from '../../../../client/openapi.ts';
import { count } from '../../view/formats.ts';
import { Amount, Status, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { OrderLink } from '../links.tsx';

/** What can be decided about held corrections. */
export const HELD_DECISIONS = ['release', 'drop'] as const;
export type HeldDecision = (typeof HELD_DECISIONS)[number];

export const DECISION_NAMES: Readonly<Record<HeldDecision, string>> = { release: 'Release', drop: 'Drop' };

const SELECT: Column = { name: 'Select', kind: 'action', isNameHidden: true };

const COLUMNS: readonly Column[] = [
  { name: 'Order' },
  { name: 'It says' },
  { name: 'Delivered then', kind: 'number' },
  { name: 'Gives back', kind: 'number' },
  { name: 'Said', kind: 'number' },
];

const DECIDED: readonly Column[] = [{ name: 'Decided by' }, { name: 'Reason' }, { name: 'Decided', kind: 'number' }];

const Nothing = <span class="quiet">–</span>;

interface HeldTableProps {
  readonly corrections: readonly HeldCorrection[];
  /** Whether they wait for a decision: each row then has a box to mark it. */
  readonly isOpen: boolean;
}

/** Corrections that wait for staff, or waited. */
export const HeldTable: FC<HeldTableProps> = ({ corrections, isOpen }) => {
  const columns = isOpen ? [SELECT, ...COLUMNS] : [...COLUMNS, ...DECIDED];
  return (
    <div data-rows>
      <Table columns={columns} caption="Held corrections, newest first">
        {corrections.map(({ order, batch, status, delivered, amount, saidAt, ...decided }) => {
          const cells = [
            <span class="what">
              <OrderLink id={order} /> <span class="quiet">batch {batch}</span>
            </span>,
            <Status status={status} />,
            count(delivered),
            <Amount of={amount} />,
            <Time at={saidAt} />,
          ];
          const mark = <input type="checkbox" name="id" value={String(order)} aria-label={`Order ${order}`} />;
          const { decidedBy, reason, decidedAt } = decided;
          return (
            <Row
              columns={columns}
              cells={
                isOpen ? [mark, ...cells] : [...cells, decidedBy ?? Nothing, reason ?? Nothing, <Time at={decidedAt} />]
              }
            />
          );
        })}
      </Table>
    </div>
  );
};

/** Chooses a decision about the marked corrections, or about all. */
export const HeldBar: FC = () => (
  <div class="bulk">
    <label data-needs-script>
      <input type="checkbox" data-selects="id" /> All on this page
    </label>
    <label for="decision" class="unseen">
      Decision
    </label>
    <select id="decision" name="decision">
      {HELD_DECISIONS.map((decision) => (
        <option value={decision}>{DECISION_NAMES[decision]}</option>
      ))}
    </select>
    <button type="submit" class="plain" name="of" value="selected">
      the selected
    </button>
    <button type="submit" class="plain" name="of" value="all">
      all that are held
    </button>
  </div>
);
