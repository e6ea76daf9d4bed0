import type { FC } from 'hono/jsx';
import type { CatalogueChange } from '../../../../client/openapi.ts';
import { Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Its service' },
  { name: 'What' },
  { name: 'Was', kind: 'number' },
  { name: 'Is', kind: 'number' },
  { name: 'When', kind: 'number' },
];

const Nothing = <span class="quiet">–</span>;

/** What changed in the provider's catalogue, of services that we have a route to. */
export const PriceChanges: FC<{ changes: readonly CatalogueChange[] }> = ({ changes }) => (
  <section id="changes" aria-label="Catalogue changes">
    <h2>Catalogue changes</h2>
    {changes.length === 0 ? (
      <p class="quiet">No price, limit or type of a service with a route has changed.</p>
    ) : (
      <Table columns={COLUMNS} caption="Catalogue changes, newest first">
        {changes.map(({ service, what, was, is, at }) => (
          <Row columns={COLUMNS} cells={[service, what, was ?? Nothing, is ?? Nothing, <Time at={at} />]} />
        ))}
      </Table>
    )}
  </section>
);
