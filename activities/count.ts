import type { Deps } from './deps.ts';

export async function countOrder(
  _deps: Deps,
  _orderId: number,
): Promise<{ kind: 'counted'; count: number; start: number } | { kind: 'none' }> {
  return { kind: 'none' };
}
