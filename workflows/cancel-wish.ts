import { CancellationScope, type SignalDefinition, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { PersonMessage } from './contract.ts';

/** Whether a person has asked to stop, by the signal or by the Temporal UI's Cancel button, which must not end this midway. */
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
