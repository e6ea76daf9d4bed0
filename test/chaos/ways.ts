import { type TcpProxy, tcpProxy } from '../support/engines/tcp-proxy.ts';
import { WAYS, type Way } from './plan.ts';

/** A proxy on each connection between two processes. It cuts and delays connections as a network would. */
export type Ways = Readonly<Record<Way, TcpProxy>> & {
  /** Delays everything on this connection by `by` milliseconds more than usual. */
  slowDown(way: Way, by: number): void;
  close(): Promise<void>;
};

/** A provider is far away. Its delay makes a send long enough for a strike to hit it. */
const USUAL_MS: Readonly<Record<Way, number>> = { api: 0, postgres: 0, temporal: 0, provider: 150, receiver: 0 };

/** `ports`: the ports of the real servers. `moreApis`: ports of further APIs, which take turns with the first one. */
export async function openWays(ports: Readonly<Record<Way, number>>, moreApis: readonly number[] = []): Promise<Ways> {
  const portsOf = (way: Way) => [ports[way], ...(way === 'api' ? moreApis : [])];
  const opened = await Promise.all(
    WAYS.map(async (way) => [way, await tcpProxy('127.0.0.1', ...portsOf(way))] as const),
  );
  const proxies = Object.fromEntries(opened) as Record<Way, TcpProxy>;
  const slowDown = (way: Way, by: number) => proxies[way].delay(USUAL_MS[way] + by);
  for (const way of WAYS) slowDown(way, 0);
  return Object.assign(proxies, {
    slowDown,
    async close() {
      await Promise.all(opened.map(([, proxy]) => proxy.close()));
    },
  });
}
