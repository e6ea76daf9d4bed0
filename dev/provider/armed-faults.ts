import { type FaultSpec, readFault } from './faults.ts';

/** A fault that is waiting for its calls. */
export interface ArmedFault {
  /** As in `faults.ts`, e.g. `accept-drop`, `429:5`. */
  readonly fault: string;
  /** The action whose calls it spoils; default: every action. */
  readonly action?: string | undefined;
  /** Spoil only calls about an order of this link. */
  readonly link?: string | undefined;
  /** How many calls it spoils; default 1. */
  readonly times?: number | undefined;
  /** How many matching calls pass unharmed first; default 0. */
  readonly skip?: number | undefined;
}

/** A fault to apply to the current call. It spoils only rows of `link`; undefined: all rows. */
export interface Playing {
  readonly spec: FaultSpec;
  readonly link: string | undefined;
  /** How many calls the fault has spoilt before this one. */
  readonly call: number;
}

interface Waiting {
  readonly spec: FaultSpec;
  readonly action: string | undefined;
  readonly link: string | undefined;
  readonly times: number;
  skip: number;
  played: number;
}

/** Faults armed over the control endpoints or in links. They are only in memory: a restart of the provider disarms them. */
export class ArmedFaults {
  #armed: Waiting[] = [];
  #fromLinks = new Map<string, Waiting>();

  /** Arms a fault. Returns false when there is no fault of that name. */
  arm({ fault, action, link, times, skip }: ArmedFault): boolean {
    const spec = readFault(fault);
    if (spec === undefined) return false;
    this.#armed.push({ spec, action, link, times: times ?? 1, skip: skip ?? 0, played: 0 });
    return true;
  }

  clear(): void {
    this.#armed = [];
    this.#fromLinks.clear();
  }

  list(): { fault: string; action: string | undefined; link: string | undefined; left: number }[] {
    return this.#armed
      .filter((one) => one.played < one.times)
      .map(({ spec, action, link, times, played }) => ({ fault: spec.text, action, link, left: times - played }));
  }

  /** The faults for a call about these links, counted as played. Each link maps to the faults in its script. */
  meet(action: string, concerned: ReadonlyMap<string, readonly string[]>): Playing[] {
    const waiting = this.#armed.filter(
      (one) => (one.action ?? action) === action && (one.link === undefined || concerned.has(one.link)),
    );
    for (const [link, faults] of concerned) {
      for (const text of faults) {
        const one = this.#ofLink(link, text);
        if (one !== undefined && one.action === action) waiting.push(one);
      }
    }
    return waiting.flatMap((one) => {
      if (one.played >= one.times) return [];
      if (one.skip > 0) {
        one.skip -= 1;
        return [];
      }
      one.played += 1;
      return [{ spec: one.spec, link: one.link, call: one.played - 1 }];
    });
  }

  #ofLink(link: string, text: string): Waiting | undefined {
    const id = `${text} ${link}`;
    const known = this.#fromLinks.get(id);
    if (known !== undefined) return known;
    const spec = readFault(text);
    if (spec === undefined) return undefined;
    const one = { spec, action: spec.action, link, times: spec.times, skip: 0, played: 0 };
    this.#fromLinks.set(id, one);
    return one;
  }
}
