import type { Stack } from '../../../dev/stack/stack.ts';
import { judgeAsks } from './asks.ts';
import { judgeEvents } from './events.ts';
import type { Evidence } from './evidence.ts';
import { counted, type Figure } from './figure.ts';
import { judgeMoney } from './money.ts';
import { judgeOrders } from './orders.ts';
import { judgeSends } from './sends.ts';
import { judgeWorkflows } from './workflows.ts';

/** Judges all that a run has left behind. `replayed`: the events that their account had to ask for. */
export async function judgeAll(stack: Stack, evidence: Evidence, replayed: number): Promise<Figure[]> {
  return [
    ...judgeOrders(evidence),
    ...(await judgeSends(evidence)),
    ...(await judgeMoney(evidence)),
    ...(await judgeAsks(evidence)),
    ...(await judgeEvents(evidence)),
    counted('events that their account had to ask for', replayed),
    ...(await judgeWorkflows(stack)),
  ];
}
