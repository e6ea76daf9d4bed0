import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificates.ts';

/** Stands in front of a Temporal server as Temporal Cloud does: TLS, client certificates, API keys. */
export interface GuardedTemporal {
  readonly address: string;
  /** The key that calls need from now on. */
  wantKey(key: string | undefined): void;
  close(): Promise<void>;
}

export interface GuardOptions {
  /** Address of the Temporal server behind it. */
  readonly behind: string;
  readonly certificate: Certificate;
  /** The authority of client certificates in PEM; absent: none is wanted. */
  readonly clients?: string;
}

/** The status of gRPC for a call without a valid key. */
const UNAUTHENTICATED = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-status': '16',
  'grpc-message': 'unknown key',
};

export async function guardedTemporal({ behind, certificate, clients }: GuardOptions): Promise<GuardedTemporal> {
  const sessions = new Set<http2.Http2Session>();
  let wanted: string | undefined;
  const server = http2.createSecureServer({
    ...certificate,
    ...(clients === undefined ? {} : { ca: clients, requestCert: true, rejectUnauthorized: true }),
  });
  server.on('session', (session) => {
    const upstream = http2.connect(`http://${behind}`);
    for (const one of [session, upstream]) {
      sessions.add(one);
      one.on('error', () => {});
      one.on('close', () => sessions.delete(one));
    }
    session.on('close', () => upstream.destroy());
    session.on('stream', (call, headers) => {
      call.on('error', () => {});
      if (wanted !== undefined && headers.authorization !== `Bearer ${wanted}`) {
        call.respond(UNAUTHENTICATED, { endStream: true });
        return;
      }
      forward(call, upstream.request({ ...headers, ':scheme': 'http' }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    wantKey: (key) => {
      wanted = key;
    },
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Hands a call on, and its answer back with the trailers, in which gRPC says how the call ended. */
function forward(call: http2.ServerHttp2Stream, upstream: http2.ClientHttp2Stream): void {
  let trailers: http2.IncomingHttpHeaders = {};
  upstream.on('error', () => call.close(http2.constants.NGHTTP2_CANCEL));
  call.on('close', () => upstream.close(http2.constants.NGHTTP2_CANCEL));
  upstream.on('trailers', (headers) => {
    trailers = headers;
  });
  upstream.on('response', (headers, flags) => {
    if (call.destroyed) return;
    const isAll = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    call.respond(headers, isAll ? { endStream: true } : { waitForTrailers: true });
    if (isAll) return;
    call.on('wantTrailers', () => call.sendTrailers(trailers));
    upstream.pipe(call);
  });
  call.pipe(upstream);
}
