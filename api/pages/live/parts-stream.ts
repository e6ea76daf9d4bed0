import { answerStream } from '../../order/event-stream.ts';
import type { Followed, News } from '../../order/order-feed.ts';
import { HEARTBEAT_MS } from '../../order/order-stream.ts';
import type { Visit } from '../page.ts';

/** A message with HTML whose elements replace those with the same ids. */
const partsMessage = (markup: string): string =>
  `event: parts\n${markup
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`;

/**
 * Server-sent events that renew what a page shows: `render` makes the HTML for the news. It reads through REST v1 each time, so a
 * session that has ended gets nothing more.
 */
export const streamParts = (
  { c, deps }: Visit,
  followed: Followed,
  render: (news: News) => Promise<string>,
): Response =>
  answerStream(deps, c, followed, async (client, following) => {
    for (;;) {
      const news = await following.next(HEARTBEAT_MS);
      if (news === 'over' || client.aborted) return;
      const markup = news === 'silence' ? '' : await render(news);
      await client.write(markup === '' ? ':\n\n' : partsMessage(markup));
    }
  });
