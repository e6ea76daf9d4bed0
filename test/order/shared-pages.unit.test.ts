import { expect, test } from 'vitest';
import { sharedPages } from '../../api/order/account-stream.ts';

/** Pages of two events each, of a history that ends with event 5. `reads`: the pages that were read. */
function history() {
  const reads: number[] = [];
  const pageOf = sharedPages(async (_, after, upTo) => {
    reads.push(after);
    const isFull = upTo - after >= 2;
    return { text: `${after} to ${upTo}`, last: isFull ? after + 2 : upTo, isFull };
  });
  return { reads, pageOf };
}

test('streams at the same event share the page that leads to the newest', async () => {
  const { reads, pageOf } = history();
  const [one, other] = await Promise.all([pageOf(1, 4, 5), pageOf(1, 4, 5)]);
  expect([one, await pageOf(1, 4, 5), reads]).toEqual([other, other, [4]]);
  await pageOf(1, 5, 6);
  await pageOf(1, 4, 5);
  expect(reads).toEqual([4, 5, 4]);
});

test('the full pages of a long history are not kept once they are read', async () => {
  const { reads, pageOf } = history();
  await Promise.all([pageOf(1, 0, 5), pageOf(1, 0, 5)]);
  await pageOf(1, 2, 5);
  expect(reads).toEqual([0, 2]);
  await pageOf(1, 0, 5);
  expect(reads).toEqual([0, 2, 0]);
});

test('a page that failed is read again', async () => {
  let reads = 0;
  const pageOf = sharedPages(async () => {
    reads += 1;
    throw new Error('no database');
  });
  for (const time of [1, 2]) {
    await expect(pageOf(1, 0, 5)).rejects.toThrow('no database');
    expect(reads).toBe(time);
  }
});

test('of clients that begin at many events only so many pages are kept', async () => {
  const { reads, pageOf } = history();
  for (let account = 1; account <= 1_001; account += 1) await pageOf(account, 4, 5);
  await pageOf(1_001, 4, 5);
  expect(reads).toHaveLength(1_001);
  await pageOf(1, 4, 5);
  expect(reads).toHaveLength(1_002);
});
