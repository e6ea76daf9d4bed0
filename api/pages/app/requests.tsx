import type { Page } from '../page.ts';
import { Heading } from '../view/parts.tsx';
import { RequestList, refusedQuery } from '../view/requests.tsx';

/** What programs asked with the account's keys, and what they were answered. */
export const requestsPage: Page = {
  path: '/requests',
  scope: 'keys:manage',
  get: async (visit) => {
    const { data } = await visit.v1.GET('/v1/requests', { params: { query: refusedQuery(visit) } });
    const body = (
      <>
        <Heading text="Recent requests">
          <a class="button plain" href="/app/developers">
            Developers
          </a>
        </Heading>
        <RequestList visit={visit} requests={data} />
      </>
    );
    return { title: 'Recent requests', body };
  },
};
