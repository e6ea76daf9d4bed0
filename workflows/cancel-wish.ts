import { CancellationScope, type SignalDefinition, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { PersonMessage } from './contract.ts';

/**
 * Becomes `cancel: true` when a person sends the signal or presses Cancel in the Temporal UI. Run the workflow's work in a
 * non-cancellable scope, so that the button does not interrupt a step midway.
 */
export function cancelWish(
  signal: SignalDefinition<[PersonMessage]>,
  description: string,
): { readonly cancel: boolean } {
  const wish = { cancel: false };
  const stop = () => {
    wish.cancel = true;
  };
  setHandler(signal, stop, { description });
  setDefaultSignalHandler(() => {});
  CancellationScope.current().cancelRequested.catch(stop);
  return wish;
}
