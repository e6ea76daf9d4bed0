type Leave = () => void;
type Enter = (leave: Leave) => void;

/** How much work may run and wait. */
interface SlotLimits {
  readonly atOnce: number;
  /** Of one account at once; by default all. */
  readonly ofAccount?: number;
  /** Work of one account that waits for a slot; by default any number. */
  readonly waiting?: number;
  /** Milliseconds after which a slot is free again even if its work goes on; by default a slot is kept until the work ends. */
  readonly slotMs?: number;
}

/** Lets a few pieces of work run at a time, and serves the accounts in turn. */
export class FairSlots {
  readonly #limits: SlotLimits;
  /** The accounts whose work waits, in the order of their turns; of each account the work, oldest first. */
  readonly #waiting = new Map<number, Set<Enter>>();
  /** The slots that each account has. */
  readonly #taken = new Map<number, number>();
  #allTaken = 0;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /**
   * All work that waits, and what goes before new work of this account: of each other account as much as the account itself
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
   * Runs `work` in a slot. Returns undefined without running it when no slot was free for `waitMs`, or too much work of the account
   * waits already.
   */
  async run<T>(account: number, waitMs: number, work: () => Promise<T>): Promise<{ readonly result: T } | undefined> {
    const leave = await this.#enter(account, waitMs);
    if (leave === undefined) return undefined;
    const { slotMs } = this.#limits;
    const timer = slotMs === undefined ? undefined : setTimeout(leave, slotMs);
    try {
      return { result: await work() };
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  async #enter(account: number, waitMs: number): Promise<Leave | undefined> {
    if (this.#allTaken < this.#limits.atOnce && this.#mayTake(account)) return this.#take(account);
    const waiting = this.#waiting.get(account) ?? new Set();
    if (waiting.size >= (this.#limits.waiting ?? Number.POSITIVE_INFINITY)) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#stopWaiting(account, enter);
        resolve(undefined);
      }, waitMs);
      const enter: Enter = (leave) => {
        clearTimeout(timer);
        resolve(leave);
      };
      this.#waiting.set(account, waiting.add(enter));
    });
  }

  #mayTake(account: number): boolean {
    return (this.#taken.get(account) ?? 0) < (this.#limits.ofAccount ?? Number.POSITIVE_INFINITY);
  }

  /** Takes a slot. The function that it returns frees the slot once, however often it is called. */
  #take(account: number): Leave {
    this.#count(account, 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#count(account, -1);
      this.#letNextIn();
    };
  }

  #count(account: number, more: number): void {
    this.#allTaken += more;
    const taken = (this.#taken.get(account) ?? 0) + more;
    if (taken === 0) this.#taken.delete(account);
    else this.#taken.set(account, taken);
  }

  #letNextIn(): void {
    for (const [account, waiting] of this.#waiting) {
      const [enter] = waiting;
      if (enter === undefined || !this.#mayTake(account)) continue;
      this.#stopWaiting(account, enter);
      // The account's next turn comes after those of all others.
      if (this.#waiting.delete(account)) this.#waiting.set(account, waiting);
      enter(this.#take(account));
      return;
    }
  }

  #stopWaiting(account: number, enter: Enter): void {
    const waiting = this.#waiting.get(account);
    waiting?.delete(enter);
    if (waiting?.size === 0) this.#waiting.delete(account);
  }
}
