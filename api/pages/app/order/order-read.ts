import { Refusal } from '../../../../domain/errors.ts';
import { readId } from '../../../v1/ids.ts';
import type { Visit } from '../../page.ts';

/** Events that a page shows. */
const EVENTS = 100;

/** The order that the page's address names. */
export const idOf = ({ c }: Visit): number => {
  const id = readId(c.req.param('id') ?? '');
  if (id === undefined) throw new Refusal('order_not_found');
  return id;
};

/** A page of an order's events, newest first. */
export const readEvents = ({ v1 }: Visit, id: number, cursor?: string) =>
  v1.GET('/v1/orders/{id}/timeline', {
    params: { path: { id }, query: { sort: '-at', limit: EVENTS, ...(cursor === undefined ? {} : { cursor }) } },
  });
