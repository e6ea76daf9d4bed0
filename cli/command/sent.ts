/** Whether a request, in one of its tries, may have reached the API. */
export interface Sent {
  readonly mayHaveArrived: boolean;
}

/** Errors of a connection that was never made, so the request did not leave this machine. */
const BEFORE_SENDING =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

function isBeforeSending(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && BEFORE_SENDING.test(String(cause.code));
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
