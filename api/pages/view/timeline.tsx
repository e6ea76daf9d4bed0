import type { FC } from 'hono/jsx';
import { exactTime } from './formats.ts';
import { Time } from './parts.tsx';

/** An event of an order, as v1 shows it. */
interface ShownEvent {
  readonly at: string;
  readonly type: string;
  readonly by: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The data of an event in words: `delivered 400, reason requested`. `since` is in milliseconds since 1970. */
export const eventWords = (data: ShownEvent['data']): string =>
  Object.entries(data)
    .map(
      ([name, value]) =>
        `${name} ${name === 'since' && typeof value === 'number' ? exactTime(new Date(value)) : plain(value)}`,
    )
    .join(', ');

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What happened to an order, and who did it. */
export const EventList: FC<{ events: readonly ShownEvent[] }> = ({ events }) => (
  <ol class="timeline">
    {events.map((event) => (
      <li>
        <Time at={event.at} />
        <span>
          <b>{event.type.replace(/^order\./, '').replaceAll(/[._]/g, ' ')}</b> <span class="quiet">by {event.by}</span>{' '}
          {eventWords(event.data)}
        </span>
      </li>
    ))}
  </ol>
);
