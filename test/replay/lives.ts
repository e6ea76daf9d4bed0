import type { WorkflowHandle } from '@temporalio/client';
import type { OrderRequest } from '../../domain/placing.ts';
import { cancelUpdate, pauseUpdate, resolveUpdate, resumeUpdate } from '../../workflows/messages.ts';

/** One kind of life whose history is kept. */
export interface RecordedLife {
  readonly name: string;
  /** What the simulated provider is told to do, in the link. */
  readonly sim: string;
  readonly request?: Partial<OrderRequest>;
  /** Its target is counted, again after a second. */
  readonly counted?: true;
  /** What people do once the order is in this status, or needs this attention. */
  readonly when?: { readonly status?: string; readonly attention?: string };
  readonly people?: (order: WorkflowHandle) => Promise<unknown>;
}

const by = 'ann';

export const LIVES: readonly RecordedLife[] = [
  { name: 'plain-completed', sim: 'seconds:1' },
  { name: 'plain-partial', sim: 'seconds:1,partial:600' },
  { name: 'plain-canceled', sim: 'delay:100,cancel' },
  { name: 'plain-refused', sim: 'refuse' },
  { name: 'drip-feed', sim: 'seconds:1', request: { quantity: 100, dripFeed: { runs: 2, intervalMinutes: 1 } } },
  {
    name: 'canceled-by-a-person',
    sim: 'stall:500,speed:1000',
    when: { status: 'In progress' },
    people: (order) => order.executeUpdate(cancelUpdate, { args: [{ by, reason: 'mistake' }] }),
  },
  {
    name: 'paused-resumed-and-settled',
    sim: 'stall:500,speed:1000',
    when: { status: 'In progress' },
    people: async (order) => {
      await order.executeUpdate(pauseUpdate, { args: [{ by, reason: 'private' }] });
      await order.executeUpdate(resumeUpdate, { args: [{ by }] });
      await order.executeUpdate(pauseUpdate, { args: [{ by, reason: 'deleted' }] });
      await order.executeUpdate(resolveUpdate, { args: [{ by, action: 'partial', delivered: 300 }] });
    },
  },
  {
    name: 'uncertain-given-up',
    sim: 'fault:accept-drop@add',
    when: { attention: 'uncertain' },
    people: (order) => order.executeUpdate(resolveUpdate, { args: [{ by, reason: 'not found', action: 'cancel' }] }),
  },
  {
    name: 'counted-in-conflict',
    sim: 'seconds:1,drop:500:after:0',
    counted: true,
    when: { attention: 'conflict' },
    people: (order) => order.executeUpdate(resolveUpdate, { args: [{ by, action: 'partial', delivered: 500 }] }),
  },
];
