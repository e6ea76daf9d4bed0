import type { Review } from '../../../../client/openapi.ts';
import { ATTENTIONS } from '../../../../domain/order/status.ts';
import { encodeCursor } from '../../../v1/cursor.ts';
import { queryOf, type Visit } from '../../page.ts';
import { given, idQuery, oneOf } from '../../queries.ts';

/** Why orders wait. */
export const WAITING = ATTENTIONS.filter((attention) => attention !== 'none');

/** Which of the waiting orders a person works on; it stays in the address from order to order. */
export interface QueueFilter {
  readonly attention?: (typeof WAITING)[number];
  readonly provider?: number;
  readonly service?: number;
}

export const queueFilter = (visit: Visit): QueueFilter =>
  given({
    attention: oneOf(WAITING, queryOf(visit, 'attention')),
    provider: idQuery(visit, 'provider'),
    service: idQuery(visit, 'service'),
  });

const PAGE_ROWS = 50;

export const readQueue = (visit: Visit, filter: QueueFilter) => {
  const cursor = queryOf(visit, 'cursor');
  const query = { ...filter, limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) };
  return visit.v1.GET('/v1/admin/reviews', { params: { query } });
};

/** Pages that are read to find the next order: a page whose filters no index serves may be empty, and not the last. */
const MOST_PAGES = 5;

async function firstAfter(
  visit: Visit,
  filter: QueueFilter,
  isWanted: (review: Review) => boolean,
  after?: number,
): Promise<number | undefined> {
  let cursor = after === undefined ? undefined : encodeCursor(after);
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { ...filter, limit: 2, ...(cursor === undefined ? {} : { cursor }) };
    const { data, nextCursor } = await visit.v1.GET('/v1/admin/reviews', { params: { query } });
    const found = data.find(isWanted);
    if (found !== undefined) return found.order;
    if (nextCursor === null) return undefined;
    cursor = nextCursor;
  }
  return undefined;
}

/** The order to decide about after this one: the next in the queue, or the first of those that were passed over. */
export async function nextInQueue(visit: Visit, filter: QueueFilter, order: number): Promise<number | undefined> {
  const isOther = (review: Review) => review.order !== order;
  return (await firstAfter(visit, filter, isOther, order)) ?? firstAfter(visit, filter, isOther);
}
