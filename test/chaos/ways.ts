import { type TcpProxy, tcpProxy } from '../support/engines/tcp-proxy.ts';
import { WAYS, type Way } from './plan.ts';

/** A proxy on each way between two processes: connections are cut and delayed there, as a network does it. */
export type Ways = Readonly<Record<Way, TcpProxy>> & {
  /** Everything on this way passes `by` milliseconds later than usual. */
  slowDown(way: Way, by: number): void;
  close(): Promise<void>;
};

/** A provider is far away: a send takes long enough for something to happen meanwhile. */
const USUAL_MS: Readonly<Record<Way, number>> = { api: 0, postgres: 0, temporal: 0, provider: 150, receiver: 0 };

/** `ports`: where the servers at the ends of the ways listen. */
export async function openWays(ports: Readonly<Record<Way, number>>): Promise<Ways> {
  const opened = await Promise.all(WAYS.map(async (way) => [way, await tcpProxy('127.0.0.1', ports[way])] as const));
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
