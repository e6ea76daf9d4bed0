import { expect, it } from 'vitest';
import { proofProgress } from '../../cli/ledger/proof-progress.ts';

it('the progress of a proof is one line that goes from 0 to 100 %, each part by its number of ids', () => {
  const lines: string[] = [];
  const ends = {
    transfers: { first: 1, last: 600 },
    orders: { first: 10_001, last: 10_200 },
    wallets: { first: null, last: null },
    claims: { first: 10_001, last: 10_200 },
    deposits: { first: 1, last: 600 },
  };
  const progress = proofProgress(ends, (text) => void lines.push(text));
  progress.show('transfers', { upto: '300' });
  progress.show('transfers', { upto: '600' });
  progress.show('orders', { upto: '10100' });
  progress.show('wallets', { upto: null });
  progress.show('claims', { upto: '10200' });
  progress.show('deposits', { upto: 'deposit:1:first' });
  progress.end();
  expect(lines).toEqual([
    '\r[#########.....................]  30 %  transfers\u001b[K',
    '\r[##################............]  60 %  transfers\u001b[K',
    '\r[#####################.........]  70 %  orders\u001b[K',
    '\r[########################......]  80 %  wallets\u001b[K',
    '\r[##############################] 100 %  claims\u001b[K',
    '\r[##############################] 100 %  deposits\u001b[K',
    '\r\u001b[K',
  ]);
});
