import { readSmallId } from '../../../v1/ids.ts';
import type { Page } from '../../page.ts';
import { Heading } from '../../view/parts.tsx';
import { RequestList, refusedQuery } from '../../view/requests.tsx';

/** What programs asked with an account's keys, as its customer reads it. */
export const accountRequestsPage: Page = {
  path: '/accounts/:id/requests',
  get: async (visit) => {
    const path = { id: readSmallId(visit.c.req.param('id') ?? '') };
    const [{ id, name }, { data }] = await Promise.all([
      visit.v1.GET('/v1/admin/accounts/{id}', { params: { path } }),
      visit.v1.GET('/v1/admin/accounts/{id}/requests', { params: { path, query: refusedQuery(visit) } }),
    ]);
    const title = `Recent requests of ${name}`;
    const body = (
      <>
        <Heading text={title}>
          <a class="button plain" href={`/ops/accounts/${id}`}>
            The account
          </a>
        </Heading>
        <RequestList visit={visit} requests={data} />
      </>
    );
    return { title, body };
  },
};
