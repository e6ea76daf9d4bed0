import type { Chance } from './chance.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export type LastWord = 'Completed' | 'Partial' | 'Canceled';

/** Spellings of the final statuses that real providers use. `taught` ones are known only from the provider's profile. */
const DIALECTS = {
  plain: { Completed: 'Completed', Partial: 'Partial', Canceled: 'Canceled' },
  loud: { Completed: 'SUCCESS', Partial: 'partially_completed', Canceled: 'CANCELLED ' },
  taught: { Completed: 'Selesai', Partial: 'Sebagian', Canceled: 'Dibatalkan' },
} as const satisfies Record<string, Record<LastWord, string>>;
type Dialect = keyof typeof DIALECTS;

/** The status words in the profiles of a seed's providers, as staff would enter them. */
export const STATUS_WORDS: Readonly<Record<string, LastWord>> = Object.fromEntries(
  (['Completed', 'Partial', 'Canceled'] as const).map((word) => [DIALECTS.taught[word], word]),
);

/** What a provider will do with an order if nobody asks it to stop. */
interface Plan {
  readonly begins: number;
  readonly ends: number;
  readonly word: LastWord;
  readonly delivered: number;
  /** Until then the provider's final report contradicts itself. */
  readonly confusedUntil: number;
  readonly paused: { readonly from: number; readonly to: number } | undefined;
  /**
   * When the provider says `remains: 0` although something remains: before the start, or until the end. Such a 0 means "not
   * known".
   */
  readonly zeros: 'never' | 'early' | 'always';
  /** The spelling of the final status. */
  readonly dialect: Dialect;
  /** A later reduction of what it had delivered. */
  readonly correction: { readonly at: number; readonly delivered: number } | undefined;
}

/** An order in a provider's record: what is true, whatever the provider reports. */
export class ProviderOrder {
  readonly id: string;
  /** Our attempt, like `10001/1/2`: order, batch and attempt. */
  readonly sentFor: string;
  readonly service: string;
  readonly link: string;
  readonly quantity: number;
  readonly acceptedAt: number;
  private readonly plan: Plan;
  private stopped: { readonly at: number; readonly delivered: number } | undefined;
  private hurried: number | undefined;

  constructor(
    chance: Chance,
    {
      id,
      sentFor,
      service,
      link,
      quantity,
      at,
    }: Readonly<Record<'id' | 'sentFor' | 'service' | 'link', string>> & {
      readonly quantity: number;
      readonly at: number;
    },
  ) {
    this.id = id;
    this.sentFor = sentFor;
    this.service = service;
    this.link = link;
    this.quantity = quantity;
    this.acceptedAt = at;
    this.plan = planOf(chance, sentFor, quantity, at);
  }

  get isFinal(): boolean {
    return this.lastWord(this.acceptedAt + 10_000 * HOUR) !== undefined;
  }

  /** Makes the order end by `at`. */
  hurry(at: number): void {
    if (this.plan.ends > at && this.stopped === undefined) this.hurried = at;
  }

  /** Asks the order to stop. It ends with what it has delivered so far; false when it ignores the request. */
  stop(chance: Chance, now: number): boolean {
    if (this.lastWord(now) !== undefined || !chance.occurs(0.6, 'stops', this.sentFor)) return false;
    this.stopped = { at: now, delivered: this.progress(now) };
    return true;
  }

  /** The final status and delivered items; undefined while it runs. */
  lastWord(now: number): { readonly word: LastWord; readonly delivered: number } | undefined {
    const { ends, word, delivered, correction } = this.plan;
    if (this.stopped) return asWord(this.stopped.delivered, this.quantity);
    if (this.hurried !== undefined) {
      return now < this.hurried ? undefined : { word: 'Completed', delivered: this.quantity };
    }
    if (now < ends) return undefined;
    if (correction && now >= correction.at) return asWord(correction.delivered, this.quantity);
    return { word, delivered };
  }

  /** The row of a status answer; undefined when the provider leaves it out. `calm`: the row is always correct. */
  row(chance: Chance, now: number, look: number, calm: boolean): unknown {
    const odd = (probability: number, what: string) => !calm && chance.occurs(probability, what, this.sentFor, look);
    if (odd(0.04, 'left out')) return undefined;
    if (odd(0.02, 'error row')) return { error: 'Incorrect order ID' };
    const last = this.lastWord(now);
    const delivered = last?.delivered ?? this.progress(now);
    const remains = this.quantity - delivered;
    const charge = (delivered * 0.0005).toFixed(4);
    const said = { charge, start_count: '100', currency: 'USD' };
    if (last === undefined) {
      const { paused, begins, zeros } = this.plan;
      if (!calm && (zeros === 'always' || (zeros === 'early' && now < begins))) {
        const unknown = { ...said, start_count: now < begins ? '0' : said.start_count, remains: '0' };
        return { ...unknown, status: now < begins ? 'Pending' : 'In progress' };
      }
      if (odd(0.03, 'unknown word')) return { ...said, status: 'Reticulating', remains: String(remains) };
      if (odd(0.01, 'too much')) return { ...said, status: 'In progress', remains: String(this.quantity + 50) };
      if (paused && now >= paused.from && now < paused.to)
        return { ...said, status: 'Paused', remains: String(remains) };
      const wobble = odd(0.1, 'backwards') ? chance.between(0, delivered, 'back', this.sentFor, look) : 0;
      const status = now < begins ? 'Pending' : 'In progress';
      return { ...said, status, remains: String(remains + wobble) };
    }
    if (now < this.plan.confusedUntil && !calm) return { ...said, status: 'Completed', remains: '7' };
    const status = DIALECTS[this.plan.dialect][last.word];
    return { ...said, status, remains: String(remains), charge: last.word === 'Canceled' ? '0' : charge };
  }

  /** The most that the provider has reported as delivered by `now`, even if it takes some back later. */
  deliveredBy(now: number): number {
    const last = this.lastWord(now)?.delivered ?? -1;
    const ended = now >= this.plan.ends && this.stopped === undefined && this.hurried === undefined;
    const { delivered, confusedUntil } = this.plan;
    const confused = last >= 0 && confusedUntil > 0 ? this.quantity - 7 : 0;
    return Math.max(this.progress(now), last, confused, ended ? delivered : 0);
  }

  private progress(now: number): number {
    const { begins, ends } = this.plan;
    if (now <= begins) return 0;
    const end = Number.isFinite(ends) ? ends : begins + 1_000 * HOUR;
    return Math.min(Math.floor((this.quantity * (now - begins)) / (end - begins)), this.quantity - 1);
  }
}

const asWord = (delivered: number, quantity: number): { word: LastWord; delivered: number } => ({
  word: delivered === 0 ? 'Canceled' : delivered === quantity ? 'Completed' : 'Partial',
  delivered,
});

function planOf(chance: Chance, sentFor: string, quantity: number, at: number): Plan {
  const begins = at + chance.between(0, 90, 'begins', sentFor) * MINUTE;
  const stuck = chance.occurs(0.06, 'stuck', sentFor);
  const ends = stuck ? Number.POSITIVE_INFINITY : begins + chance.between(10, 600, 'takes', sentFor) * MINUTE;
  const kind = chance.pick<LastWord>(
    [
      [70, 'Completed'],
      [20, 'Partial'],
      [10, 'Canceled'],
    ],
    'ends as',
    sentFor,
  );
  const part = chance.between(1, quantity - 1, 'part', sentFor);
  const delivered = kind === 'Completed' ? quantity : kind === 'Partial' ? part : 0;
  const confused = chance.occurs(0.05, 'confused', sentFor) && !stuck;
  const paused = chance.occurs(0.08, 'pauses', sentFor)
    ? { from: begins + 5 * MINUTE, to: begins + chance.between(60, 400, 'paused for', sentFor) * MINUTE }
    : undefined;
  const takesBack = kind === 'Completed' && chance.occurs(0.15, 'takes back', sentFor) && !stuck;
  return {
    begins,
    ends,
    word: kind,
    delivered,
    confusedUntil: confused ? ends + 4 * HOUR : 0,
    paused,
    zeros: chance.pick(
      [
        [85, 'never'],
        [10, 'early'],
        [5, 'always'],
      ],
      'zeros',
      sentFor,
    ),
    dialect: chance.pick(
      [
        [80, 'plain'],
        [10, 'loud'],
        [10, 'taught'],
      ],
      'dialect',
      sentFor,
    ),
    correction: takesBack
      ? {
          at: ends + chance.between(1, 40, 'takes back after', sentFor) * HOUR,
          delivered: chance.between(0, part, 'keeps', sentFor),
        }
      : undefined,
  };
}
