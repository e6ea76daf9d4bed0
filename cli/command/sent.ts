import { isBeforeSending } from '../../client/index.ts';

/** Whether a request, in one of its tries, may have reached the API. */
export interface Sent {
  readonly mayHaveArrived: boolean;
}

/** A `fetch` that remembers whether a request may have reached the API: it was answered, or it failed after a connection was made. */
export function rememberingFetch(send: typeof fetch): { readonly sent: Sent; readonly fetch: typeof fetch } {
  const sent = { mayHaveArrived: false };
  return {
    sent,
    fetch: async (...request) => {
      try {
        const response = await send(...request);
        sent.mayHaveArrived = true;
        return response;
      } catch (error) {
        if (!isBeforeSending(error)) sent.mayHaveArrived = true;
        throw error;
      }
    },
  };
}
