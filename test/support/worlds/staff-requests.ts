import type { Answer } from './api.ts';
import type { ApiWorld } from './api-world.ts';

/** Requests of a member of staff, each with a key of its own. */
export function staffRequests({ api, staff }: Pick<ApiWorld, 'api' | 'staff'>) {
  let keys = 0;
  const post = (path: string, body: unknown, idempotencyKey = `k-${++keys}`): Promise<Answer> =>
    api.v1(`/v1/admin${path}`, { key: staff, body, idempotencyKey });
  return {
    post,
    /** Opens an account; returns its id. */
    account: async (): Promise<number> => (await post('/accounts', { name: 'Agency' })).body.id as number,
    /** Adds a provider that never answers; returns its id. */
    provider: async (): Promise<number> => {
      const url = 'http://127.0.0.1:9/api/v2';
      const body = { name: `panel ${++keys}`, url, key: 'upstream-secret', pollSeconds: 5, duplicateGuard: true };
      return (await post('/providers', body)).body.id as number;
    },
  };
}

/** The body of a new service with these routes. */
export const newService = (routes: unknown, more: object = {}) => ({
  name: 'Likes',
  category: 'Instagram',
  type: 'Default',
  rate: '0.27819',
  min: 10,
  max: 5000,
  routes,
  ...more,
});
