import { LIMITS } from '../../domain/limits.ts';

type Leave = () => void;
type Enter = (leave: Leave) => void;

/**
 * Lets a few orders at a time go to the engines, and serves the accounts in turn. Engines that get more at once finish no more of
 * them, and lose some: a Temporal server abandons a hand-out that takes longer than a second, and repeats it only after the
 * task's timeout.
 */
export class PlacingSlots {
  /** The accounts whose orders wait, in the order of their turns; of each account the orders, oldest first. */
  readonly #waiting = new Map<number, Set<Enter>>();
  #taken = 0;

  /**
   * All orders that wait, and those that go before a new one of this account: of each other account as many as the account itself
   * then has, because they have turns.
   */
  waiting(account: number): { readonly all: number; readonly before: number } {
    const own = this.#waiting.get(account)?.size ?? 0;
    let [all, before] = [own, own];
    for (const [other, { size }] of this.#waiting) {
      if (other === account) continue;
      all += size;
      before += Math.min(size, own + 1);
    }
    return { all, before };
  }

  /**
   * Runs `work` in a slot. The slot is free again after LIMITS.placingSlotMs even if the work goes on: orders that wait for
   * something of their own must not keep out others. Returns undefined without running it when no slot was free for `waitMs`.
   */
  async run<T>(account: number, waitMs: number, work: () => Promise<T>): Promise<{ readonly result: T } | undefined> {
    const leave = await this.#enter(account, waitMs);
    if (leave === undefined) return undefined;
    const timer = setTimeout(leave, LIMITS.placingSlotMs);
    try {
      return { result: await work() };
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  async #enter(account: number, waitMs: number): Promise<Leave | undefined> {
    if (this.#taken < LIMITS.placingAtOnce) return this.#take();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#stopWaiting(account, enter);
        resolve(undefined);
      }, waitMs);
      const enter: Enter = (leave) => {
        clearTimeout(timer);
        resolve(leave);
      };
      const orders = this.#waiting.get(account) ?? new Set();
      this.#waiting.set(account, orders.add(enter));
    });
  }

  /** Takes a slot. The function that it returns frees the slot once, however often it is called. */
  #take(): Leave {
    this.#taken += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#taken -= 1;
      this.#letNextIn();
    };
  }

  #letNextIn(): void {
    const [account, orders] = this.#waiting.entries().next().value ?? [];
    const [enter] = orders ?? [];
    if (account === undefined || orders === undefined || enter === undefined) return;
    this.#stopWaiting(account, enter);
    // The account's next turn comes after those of all others.
    if (this.#waiting.delete(account)) this.#waiting.set(account, orders);
    enter(this.#take());
  }

  #stopWaiting(account: number, enter: Enter): void {
    const orders = this.#waiting.get(account);
    orders?.delete(enter);
    if (orders?.size === 0) this.#waiting.delete(account);
  }
}
