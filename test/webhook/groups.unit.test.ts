import { describe, expect, it } from 'vitest';
import { inGroups } from '../../activities/runtime/groups.ts';

/** An act on groups of numbers that ends when it is told to. */
function heldAct() {
  const groups: { readonly items: readonly number[]; end: (error?: Error) => void }[] = [];
  const act = inGroups(
    (items: readonly number[]) =>
      new Promise<number[]>((resolve, reject) =>
        groups.push({
          items: [...items],
          end: (error) => (error === undefined ? resolve(items.map((item) => item * 10)) : reject(error)),
        }),
      ),
  );
  return { groups, act, begun: async (count: number) => void (await expect.poll(() => groups.length).toBe(count)) };
}

describe('acts in groups', () => {
  it('takes together what comes at once, and what comes while a group is under way, one group at a time', async () => {
    const { groups, act, begun } = heldAct();
    const first = [act(1), act(2)];
    await begun(1);
    const second = [act(3), act(4), act(5)];
    expect(groups.map(({ items }) => items)).toEqual([[1, 2]]);
    groups[0]?.end();
    expect(await Promise.all(first)).toEqual([10, 20]);
    await begun(2);
    expect(groups[1]?.items).toEqual([3, 4, 5]);
    groups[1]?.end();
    expect(await Promise.all(second)).toEqual([30, 40, 50]);
  });

  it('fails each item of a group that fails, and goes on with the next group', async () => {
    const { groups, act, begun } = heldAct();
    const first = Promise.allSettled([act(1), act(2)]);
    await begun(1);
    const second = act(3);
    groups[0]?.end(new Error('lost'));
    expect(await first).toMatchObject(Array(2).fill({ status: 'rejected', reason: { message: 'lost' } }));
    await begun(2);
    groups[1]?.end();
    expect(await second).toBe(30);
  });
});
