import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isTerminal,
  PROVIDER_STATUSES,
  type ProviderStatus,
  providerStatus,
  refillWordStatus,
  shownWord,
  taughtWords,
  wordKey,
} from '../../domain/delivery/words.ts';
import type { RefillStatus } from '../../domain/refill/rules.ts';
import { runs } from '../support/run/scale.ts';

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
    ['Success', 'Completed'],
    ['SUCCESSFUL', 'Completed'],
    ['Finished', 'Completed'],
    ['In queue', 'Pending'],
    ['Waiting…', 'Pending'],
    ['In process', 'Processing'],
    ['Partial - Completed', 'Partial'],
    ['PARTIALLY_REFUNDED', 'Partial'],
    ['Partial (refund)', 'Partial'],
    ['Cancelled by user', 'Canceled'],
    ['User canceled', 'Canceled'],
    ['Canceled / Refunded', 'Canceled'],
    ['Full refund', 'Canceled'],
    ['Rejected', 'Canceled'],
    ['Declined', 'Canceled'],
    ['Cancelling', 'In progress'],
    ['Refund pending', 'In progress'],
    ['Error', 'Error'],
    ['ERROR!', 'Error'],
    ['Not enough funds', 'Error'],
    ['In–Progress', 'In progress'],
    ['in\u00a0progress', 'In progress'],
    ['Ｃｏｍｐｌｅｔｅｄ', 'Completed'],
    ['Com\u200bpleted', 'Completed'],
    ['"Completed."', 'Completed'],
    ['✅ Completed', 'Completed'],
    ['COMPLETED ✔️', 'Completed'],
  ])('%j is %s', (word, status) => {
    expect(providerStatus(word)).toBe(status);
  });

  it.each([
    '',
    'N/A',
    '3',
    'Completed?',
    'not completed',
    'Incomplete',
    'Uncompleted',
    'Partial 500',
    'Stopped',
    'Closed',
    'Success rate',
    `Completed${' '.repeat(200)}`,
    'constructor',
    '__proto__',
    'toString',
    'выполнен',
    'Selesai',
  ])('%j is not known, and so nothing has ended', (word) => {
    expect(providerStatus(word)).toBe('Unknown');
    expect(isTerminal(providerStatus(word))).toBe(false);
  });

  it('is always one of ours, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (word) => {
        expect(PROVIDER_STATUSES).toContain(providerStatus(word));
      }),
      { numRuns: runs(3_000) },
    );
  });

  it('ends an order only as Completed, Partial or Canceled', () => {
    expect(PROVIDER_STATUSES.filter(isTerminal)).toEqual(['Completed', 'Partial', 'Canceled']);
  });

  it('that staff have taught means what they say, however it is spelt', () => {
    const taught = taughtWords({
      Selesai: 'Completed',
      'Dalam Proses': 'In progress',
      Error: 'Canceled',
      5: 'Partial',
    });
    expect(providerStatus(' SELESAI ', taught)).toBe('Completed');
    expect(providerStatus('dalam-proses', taught)).toBe('In progress');
    expect(providerStatus('error', taught)).toBe('Canceled');
    expect(providerStatus('5', taught)).toBe('Partial');
    expect(providerStatus('Pending', taught)).toBe('Pending');
    expect(providerStatus('İptal', taughtWords({ iptal: 'Canceled' }))).toBe('Canceled');
  });

  it.each<[string, RefillStatus | undefined]>([
    ['Pending', 'Pending'],
    ['In queue', 'Pending'],
    ['Processing', 'In progress'],
    ['Refilling', 'In progress'],
    ['SUCCESS', 'Completed'],
    ['Refilled', 'Completed'],
    ['Rejected', 'Rejected'],
    ['Declined', 'Rejected'],
    ['Cancelled by user', 'Rejected'],
    ['Refunded', 'Rejected'],
    ['Error', 'Rejected'],
    ['Partially completed', 'Rejected'],
    ['No drop', 'Rejected'],
    ['Selesai', undefined],
    ['', undefined],
  ])('%j is, of a refill, %s', (word, status) => {
    expect(refillWordStatus(word)).toBe(status);
  });

  it('that staff have taught counts for refills too', () => {
    const taught = taughtWords({ Selesai: 'Completed', Ditolak: 'Canceled', Refilled: 'Processing' });
    expect(['selesai', 'DITOLAK', 'refilled'].map((word) => refillWordStatus(word, taught))).toEqual([
      'Completed',
      'Rejected',
      'In progress',
    ]);
  });

  it('that nobody knows is shown short, and without what cannot be stored or seen', () => {
    expect(shownWord('Selesai')).toBe('Selesai');
    expect(shownWord('a\u0000b\ud800c\u200bd\n')).toBe('a b c d');
    expect(shownWord('x'.repeat(10_000)).length).toBe(60);
    expect(shownWord(`${'x'.repeat(59)}👍`)).toBe('x'.repeat(59));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (word) => {
        const shown = shownWord(word);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(wordKey(shown).length).toBeLessThan(2_000);
      }),
      { numRuns: runs(2_000) },
    );
  });
});
