import { LIMITS } from '../../domain/limits.ts';
import { Places } from '../runtime/places.ts';
import { sleep } from '../runtime/sleep.ts';

/** The activities of this process that ask for stops or refills, by the provider's address. */
export const asking = new Places(LIMITS.asksOfProvider);

/** When the next call to each provider may leave, by its address. */
const nextAt = new Map<string, number>();

/** Waits until this process may make one more single-order call to this address: LIMITS.singleCallsPerSecond at most. */
export async function takeTurn(url: string): Promise<void> {
  const now = performance.now();
  const at = Math.max(nextAt.get(url) ?? 0, now);
  nextAt.set(url, at + 1_000 / LIMITS.singleCallsPerSecond);
  if (at > now) await sleep(at - now);
}
