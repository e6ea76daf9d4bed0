import type { FC } from 'hono/jsx';
import type { StaffOrderFile } from '../../../../client/openapi.ts';
import { Time } from '../../view/parts.tsx';

type Event = StaffOrderFile['events'][number];

/** The data of an event in words: `delivered 400, reason requested`. */
const dataOf = ({ data }: Event): string =>
  Object.entries(data)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

/** What happened to an order, and who did it. */
export const Timeline: FC<{ events: readonly Event[] }> = ({ events }) => (
  <ol class="timeline">
    {events.map((event) => (
      <li>
        <Time at={event.at} />
        <span>
          <b>{event.type.replace(/^order\./, '').replaceAll(/[._]/g, ' ')}</b> <span class="quiet">by {event.by}</span>{' '}
          {dataOf(event)}
        </span>
      </li>
    ))}
  </ol>
);
