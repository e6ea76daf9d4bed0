import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTerminal, PROVIDER_STATUSES, type ProviderStatus, providerStatus } from '../../domain/provider-words.ts';

describe('a status word of a provider', () => {
  it.each<[string, ProviderStatus]>([
    ['Pending', 'Pending'],
    ['Queued', 'Pending'],
    ['In progress', 'In progress'],
    ['In Progress', 'In progress'],
    ['inprogress', 'In progress'],
    ['IN_PROGRESS', 'In progress'],
    ['in-progress', 'In progress'],
    ['processing', 'Processing'],
    ['Paused', 'Paused'],
    ['On hold', 'Paused'],
    ['Completed', 'Completed'],
    ['COMPLETE', 'Completed'],
    ['  Completed\n', 'Completed'],
    ['Partial', 'Partial'],
    ['Partially completed', 'Partial'],
    ['Canceled', 'Canceled'],
    ['Cancelled', 'Canceled'],
    ['Refunded', 'Canceled'],
    ['Fail', 'Canceled'],
    ['Failed', 'Canceled'],
  ])('%j is %s', (word, status) => {
    expect(providerStatus(word)).toBe(status);
  });

  it.each(['', 'Error', 'N/A', '3', 'Completed?', 'not completed', 'constructor', '__proto__', 'toString', 'выполнен'])(
    '%j is not known, and so nothing has ended',
    (word) => {
      expect(providerStatus(word)).toBe('Unknown');
      expect(isTerminal(providerStatus(word))).toBe(false);
    },
  );

  it('is always one of ours, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (word) => {
        expect(PROVIDER_STATUSES).toContain(providerStatus(word));
      }),
      { numRuns: 3_000 },
    );
  });

  it('ends an order only as Completed, Partial or Canceled', () => {
    expect(PROVIDER_STATUSES.filter(isTerminal)).toEqual(['Completed', 'Partial', 'Canceled']);
  });
});
