import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { count } from './formats.ts';

/** A column of a table: its name, and `number` for figures, which stand at the right. */
export interface Column {
  readonly name: string;
  readonly kind?: 'number' | 'action';
  /** For a column whose content needs no heading on screen. */
  readonly isNameHidden?: boolean;
}

/** A table that turns its rows into cards where it has little room. `rows` are `Row`s with cells in the order of the columns. */
export const Table: FC<PropsWithChildren<{ columns: readonly Column[]; caption: string }>> = ({
  columns,
  caption,
  children,
}) => (
  <div class="table">
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, kind, isNameHidden = false }) => (
            <th scope="col" class={kind}>
              {isNameHidden ? <span class="unseen">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

/** A row, named by its first cell that is no action. A card shows the column's name before each cell. */
export const Row: FC<{ columns: readonly Column[]; cells: readonly Child[]; id?: string }> = ({
  columns,
  cells,
  id,
}) => {
  const heading = columns.findIndex(({ kind }) => kind !== 'action');
  return (
    <tr {...(id === undefined ? {} : { id })}>
      {columns.map(({ name, kind, isNameHidden = false }, index) => {
        const attributes = { class: kind, ...(isNameHidden ? {} : { 'data-label': name }) };
        return index === heading ? (
          <th scope="row" {...attributes}>
            {cells[index]}
          </th>
        ) : (
          <td {...attributes}>{cells[index]}</td>
        );
      })}
    </tr>
  );
};

/** Says that a table has its last rows alone. `all`: how many there are, when that is known. */
export const OnlyLast: FC<{ shown: number; all?: number; what: string }> = ({ shown, all, what }) => (
  <p class="quiet">{`The last ${count(shown)}${all === undefined ? '' : ` of ${count(all)}`} ${what}.`}</p>
);

/** Names and values, like the facts of an order. */
export const Facts: FC<{ of: readonly (readonly [string, Child])[] }> = ({ of }) => (
  <dl class="facts">
    {of.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
