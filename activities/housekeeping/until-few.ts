import { heartbeat } from '@temporalio/activity';

/**
 * Repeats a step that changes at most `most` rows in one transaction, until one changes fewer; returns how many rows all of them
 * changed.
 */
export async function untilFew(most: number, step: (most: number) => Promise<number>): Promise<number> {
  let all = 0;
  for (;;) {
    const changed = await step(most);
    all += changed;
    if (changed < most) return all;
    heartbeat();
  }
}
