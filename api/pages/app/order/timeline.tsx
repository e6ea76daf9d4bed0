import { type Page, queryOf } from '../../page.ts';
import { Empty, Heading, Pager } from '../../view/parts.tsx';
import { EventList } from '../../view/timeline.tsx';
import { idOf, readEvents } from './order-read.ts';

/** All events of an order, page by page, newest first. */
export const timelinePage: Page = {
  path: '/orders/:id/timeline',
  get: async (visit) => {
    const id = idOf(visit);
    const { data, nextCursor } = await readEvents(visit, id, queryOf(visit, 'cursor'));
    const body = (
      <>
        <Heading text={`Timeline of order ${id}`}>
          <a class="button plain" href={`/app/orders/${id}`}>
            Order {id}
          </a>
        </Heading>
        {data.length === 0 ? (
          <Empty>
            <p>Nothing happened before.</p>
          </Empty>
        ) : (
          <EventList events={data} />
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title: `Timeline of order ${id}`, body };
  },
};
