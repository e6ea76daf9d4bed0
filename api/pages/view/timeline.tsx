import type { FC } from 'hono/jsx';
import { exactTime, explained } from './formats.ts';
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
    .filter(([, value]) => value !== '' && value !== null)
    .map(
      ([name, value]) =>
        `${name} ${name === 'since' && typeof value === 'number' ? exactTime(new Date(value)) : plain(value)}`,
    )
    .join(', ');

const plain = (value: unknown): string => (typeof value === 'string' ? explained(value) : JSON.stringify(value));

/** Events whose type does not say by itself what their author did. */
const NAMES: Readonly<Record<string, string>> = { 'stop.asked': 'answer to the wish to stop' };

const nameOf = (type: string): string => NAMES[type] ?? type.replace(/^order\./, '').replaceAll(/[._]/g, ' ');

/** What happened to an order, and who did it. */
export const EventList: FC<{ events: readonly ShownEvent[] }> = ({ events }) => (
  <ol class="timeline">
    {events.map((event) => (
      <li>
        <Time at={event.at} />
        <span>
          <b>{nameOf(event.type)}</b> <span class="quiet">by {event.by}</span> {eventWords(event.data)}
        </span>
      </li>
    ))}
  </ol>
);
