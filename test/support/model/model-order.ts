import type { VersionedReport } from '../../../domain/order/batch.ts';
import { ATTENTIONS, type Attention, finalStatus, type OrderStatus } from '../../../domain/order/status.ts';
import type { HandDrivenOrder } from './hand-driven-order.ts';

interface ModelBatch {
  /** The last report with a newer version. */
  word: VersionedReport | undefined;
  /** What the last report amounts to: still running, a contradiction, or the items delivered. */
  verdict: 'running' | 'conflict' | number;
  stalled: boolean;
  /** A person has reviewed the contradiction. */
  looked: boolean;
  /** The items missing at its end are to be sent again. */
  resend: boolean;
  /** When its review deadline ends, by the clock that stops in a pause. */
  cap: number;
}

/**
 * A second, simpler model of an order, to compare with the real one. It takes the sends from the provider's record and computes
 * everything else in few words. It derives each attention from the current state, where the product sets and clears it.
 */
export class ModelOrder {
  private readonly order: HandDrivenOrder;
  private readonly batches = new Map<number, ModelBatch>();
  /** Reports about an attempt with an unknown outcome, kept until the provider turns out to have the order. */
  private readonly early = new Map<number, { readonly attempt: number; readonly word: VersionedReport }>();
  /** Review deadlines of batches that wait, or waited, for a provider, by the clock that stops in a pause. */
  private readonly waits = new Map<number, number>();
  private paused: string | undefined;
  private canceled = false;
  private decided: number | undefined;
  /** Milliseconds that have passed outside pauses. */
  private clock = 0;
  /** Counts of the target before the counting last started again. */
  private looksBefore = 0;
  /** The workflow that took the order up found it in conflict with its target. */
  private conflictFound = false;

  constructor(order: HandDrivenOrder) {
    this.order = order;
    this.look();
  }

  /** Reads the sends: newly accepted batches run now, batches told to wait get a deadline. */
  look(): void {
    const { rows, now, terms, firstWaits } = this.order;
    const retried = terms.runs > 1 && terms.afterFailedRun === 'retry';
    const capFrom = (at: number) => this.clock - (this.paused === undefined ? now - at : 0) + terms.reviewAfterMs;
    for (const [number, at] of firstWaits) if (!this.waits.has(number)) this.waits.set(number, capFrom(at));
    for (const [number, { outcomes }] of rows) {
      const last = outcomes.get(outcomes.size);
      if (last === undefined || last === 'released' || last.kind !== 'accepted' || this.batches.has(number)) continue;
      this.batches.set(number, {
        word: undefined,
        verdict: 'running',
        stalled: false,
        looked: false,
        resend: retried,
        cap: capFrom(last.at),
      });
      const early = this.early.get(number);
      if (early?.attempt === outcomes.size) this.says(number, early.word);
    }
  }

  private get running(): ModelBatch[] {
    return [...this.batches.values()].filter(({ verdict }) => typeof verdict !== 'number');
  }

  /** Batches that were told to wait and that no provider has accepted yet. */
  private get untaken(): number[] {
    const open = (number: number) => ['waiting', 'sending'].includes(this.order.row(number).state);
    return [...this.waits.keys()].filter(open);
  }

  /** Numbers of the batches with an unknown outcome. */
  get uncertain(): number[] {
    return [...this.order.rows].filter(([, { state }]) => state === 'uncertain').map(([number]) => number);
  }

  private get isUncertain(): boolean {
    return this.uncertain.length > 0;
  }

  get hasEnded(): boolean {
    return this.decided !== undefined || (this.isOver && !this.isUnverified);
  }

  /** Everything sent has ended, and nothing more will be sent. */
  private get isOver(): boolean {
    const { rows, runsRemain } = this.order;
    if (this.owesMore) return false;
    const open = [...rows.values()].some(({ state }) => state === 'waiting' || state === 'sending');
    return this.running.length === 0 && !this.isUncertain && !runsRemain && (!open || this.order.settled !== undefined);
  }

  private get isUnverified(): boolean {
    const { looks, terms } = this.order;
    return terms.verify !== null && this.delivered > 0 && looks.at(-1)?.agreed !== true;
  }

  /**
   * How many times the target was counted in vain since the counting started; null when the target agrees or is not counted now.
   */
  get looksInVain(): number | null {
    const verifying = this.decided === undefined && this.isOver && this.isUnverified;
    return verifying ? this.order.looks.length - this.looksBefore : null;
  }

  /** When the order's target must be counted again. Infinity while the order is paused, or when no further count is due. */
  get nextLookBy(): number {
    const looks = this.looksInVain;
    if (looks === null || looks > 5 || this.paused !== undefined) return Number.POSITIVE_INFINITY;
    const wait = (this.order.terms.verify?.recheckMs ?? 0) * 2 ** (looks - 1);
    return (this.order.looks.at(-1)?.at ?? 0) + wait;
  }

  /** A batch delivered too little, and the missing items have not been sent again yet. */
  private get owesMore(): boolean {
    const { rows, state } = this.order;
    if (this.canceled || state.stopped) return false;
    const again = new Set([...rows.values()].map(({ resends }) => resends));
    return [...this.batches].some(([number, { verdict, resend }]) => {
      const short = typeof verdict === 'number' && verdict < this.order.row(number).quantity;
      return short && resend && !again.has(number);
    });
  }

  get delivered(): number {
    const ended = [...this.batches.values()].map(({ verdict }) => (typeof verdict === 'number' ? verdict : 0));
    return this.decided ?? ended.reduce((sum, one) => sum + one, 0);
  }

  get status(): OrderStatus {
    const { sent, terms, status, rows } = this.order;
    if (this.hasEnded) return finalStatus(this.delivered, terms.totalQuantity);
    if (this.batches.size > 0) return 'In progress';
    // A batch that no route accepts is never sent, so the model takes Pending or Processing from the order.
    if (rows.size > 0 && sent.length === 0) return status === 'Pending' ? 'Pending' : 'Processing';
    return sent.length > 0 ? 'Processing' : 'Pending';
  }

  get attention(): Attention {
    if (this.hasEnded) return 'none';
    const holds: Readonly<Record<Attention, boolean>> = {
      none: true,
      stalled: this.running.some(({ stalled }) => stalled),
      paused: this.paused !== undefined,
      review:
        this.running.some(({ cap }) => cap <= this.clock) ||
        this.untaken.some((number) => (this.waits.get(number) ?? 0) <= this.clock),
      conflict:
        this.running.some(({ verdict, looked }) => verdict === 'conflict' && !looked) ||
        (this.looksInVain !== null && (this.looksInVain > 5 || this.conflictFound)),
      uncertain: this.isUncertain,
    };
    return ATTENTIONS.findLast((attention) => holds[attention]) ?? 'none';
  }

  passes(ms: number): void {
    if (this.paused === undefined) this.clock += ms;
  }

  says(number: number, word: VersionedReport): void {
    const batch = this.batches.get(number);
    if (batch === undefined) this.keepEarly(number, word);
    if (this.hasEnded || batch === undefined || typeof batch.verdict === 'number') return;
    if (word.version <= (batch.word?.version ?? 0)) return;
    const { quantity } = this.order.row(number);
    Object.assign(batch, {
      word,
      looked: false,
      verdict: verdictOf(word, quantity),
      stalled: word.stalledSince !== null,
    });
    const paused = this.running.some((one) => one.word?.status === 'Paused');
    if (word.status === 'Paused') this.paused ??= 'provider';
    else if (this.paused === 'provider' && !paused) this.paused = undefined;
  }

  private keepEarly(number: number, word: VersionedReport): void {
    const row = this.order.rows.get(number);
    if (row?.state !== 'uncertain') return;
    const attempt = row.outcomes.size;
    const before = this.early.get(number);
    if (before?.attempt === attempt && word.version <= before.word.version) return;
    this.early.set(number, { attempt, word });
  }

  pauses(): boolean {
    if (this.hasEnded) return false;
    if (this.paused === undefined || this.paused === 'provider') this.paused = 'ann';
    return true;
  }

  resumes(): boolean {
    if (this.hasEnded) return false;
    this.paused = undefined;
    return true;
  }

  cancels(): boolean {
    if (this.hasEnded) return false;
    if (!this.canceled && (this.batches.size > 0 || this.isUncertain) && !this.order.terms.cancelable) return false;
    this.canceled = true;
    return true;
  }

  /** A new workflow knows of a contradiction only if it was the order's attention. */
  takenUp(): void {
    const { attention } = this;
    this.conflictFound = attention === 'conflict' && this.looksInVain !== null;
    this.looksBefore = this.order.looks.length;
    for (const batch of this.running) batch.looked = attention !== 'conflict' && attention !== 'uncertain';
  }

  /** `named`: the message says which batch it is about. */
  resolves(action: string, { delivered, hours }: { delivered: number; hours: number }, named: boolean): boolean {
    const { attention, running } = this;
    const { terms } = this.order;
    const open = ['stalled', 'paused', 'review'].includes(attention);
    switch (action) {
      case 'extend':
        if (!open && attention !== 'conflict') return false;
        for (const batch of running)
          Object.assign(batch, { cap: this.clock + hours * 3_600_000, stalled: false, looked: true });
        this.conflictFound = false;
        this.looksBefore = this.order.looks.length;
        for (const number of this.untaken) this.waits.set(number, this.clock + hours * 3_600_000);
        return true;
      case 'complete':
      case 'partial': {
        const counted = action === 'complete' ? terms.totalQuantity : delivered;
        if ((!open && attention !== 'conflict') || counted > terms.totalQuantity) return false;
        this.decided = counted;
        return true;
      }
      case 'redispatch':
        if (!open || running.length === 0 || this.canceled) return false;
        for (const batch of running)
          Object.assign(batch, { resend: true, cap: this.clock + terms.reviewAfterMs, stalled: false });
        return true;
      case 'cancel':
        return attention === 'uncertain' ? named || this.uncertain.length === 1 : open && this.cancels();
      default:
        return attention === 'uncertain' && (named || this.uncertain.length === 1);
    }
  }
}

function verdictOf({ status, remains, charge }: VersionedReport, quantity: number): ModelBatch['verdict'] {
  const left = remains === null ? null : Math.max(remains, 0);
  if (status === 'Error') return 'conflict';
  if (status !== 'Completed' && status !== 'Partial' && status !== 'Canceled') return 'running';
  if (left !== null && left > quantity) return 'conflict';
  if (status === 'Completed') return (left ?? 0) === 0 ? quantity : 'conflict';
  if (status === 'Partial') return left === null ? 'conflict' : quantity - left;
  if (left === null || charge === '0') return 0;
  return left === 0 ? 'conflict' : quantity - left;
}
