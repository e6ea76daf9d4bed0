import { readFault } from './faults.ts';

/** A status change `afterSeconds` after an order's end. */
export interface Flip {
  readonly status: string;
  /** undefined: as many as were delivered at the end. */
  readonly delivered: number | undefined;
  readonly afterSeconds: number;
}

/** The parsed script of a link's orders; the table of steps is at the top of `provider.ts`. */
export interface Script {
  delayMs?: number;
  itemsPerSecond?: number;
  seconds?: number;
  ending?: { readonly status: 'Partial' | 'Canceled'; readonly delivered: number };
  stallAt?: number;
  privateAt?: { readonly delivered: number; readonly word: string };
  refuse?: string;
  unique?: boolean;
  startCount?: number;
  drop?: { readonly count: number; readonly afterSeconds: number };
  /** A number: milliseconds from the cancel request until the order is canceled. */
  onCancel?: 'refuse' | 'ignore' | number;
  /** A number: seconds that a refill takes. */
  onRefill?: 'refuse' | 'reject' | number;
  flips: Flip[];
  faults: string[];
}

/** An unknown or malformed step. Ignoring a typo would let a test pass for the wrong reason. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

const WORDS: Readonly<Record<string, string>> = {
  pending: 'Pending',
  processing: 'Processing',
  in_progress: 'In progress',
  paused: 'Paused',
  completed: 'Completed',
  partial: 'Partial',
  canceled: 'Canceled',
  cancel: 'Canceled',
};

function amount(step: string, text: string | undefined): number {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) throw new ScriptError(`step "${step}" needs a number`);
  return Number(text);
}

function items(step: string, text: string | undefined): number {
  const count = amount(step, text);
  if (!Number.isSafeInteger(count)) throw new ScriptError(`step "${step}" needs a whole number`);
  return count;
}

/** Takes `after:<seconds>` off the end of a step's arguments; 5 seconds when it is missing. */
function takeAfter(step: string, args: string[]): number {
  const at = args.indexOf('after');
  return at < 0 ? 5 : amount(step, args.splice(at)[1]);
}

function flip(step: string, args: string[]): Flip {
  const afterSeconds = takeAfter(step, args);
  const [word = '', count] = args;
  const status = WORDS[word];
  if (status === undefined) throw new ScriptError(`step "${step}" does not name a status`);
  if (status === 'Partial' && count === undefined)
    throw new ScriptError(`step "${step}" needs the number of items delivered`);
  const delivered = count === undefined ? (status === 'Canceled' ? 0 : undefined) : items(step, count);
  return { status, delivered, afterSeconds };
}

type Step = (script: Script, args: string[], step: string) => void;

const STEPS: Readonly<Record<string, Step>> = {
  partial: (script, [count], step) => {
    script.ending = { status: 'Partial', delivered: items(step, count) };
  },
  cancel: (script, [count = '0'], step) => {
    script.ending = { status: 'Canceled', delivered: items(step, count) };
  },
  stall: (script, [count = '0'], step) => {
    script.stallAt = items(step, count);
  },
  private: (script, [count = '0', word = 'in_progress'], step) => {
    script.privateAt = { delivered: items(step, count), word: WORDS[word] ?? word };
  },
  refuse: (script, args) => {
    script.refuse = args.join(':') || 'neworder.error.link';
  },
  unique: (script) => {
    script.unique = true;
  },
  delay: (script, [ms], step) => {
    script.delayMs = amount(step, ms);
  },
  speed: (script, [perSecond], step) => {
    script.itemsPerSecond = amount(step, perSecond);
    if (script.itemsPerSecond === 0) throw new ScriptError(`step "${step}" never ends; use stall`);
  },
  seconds: (script, [seconds], step) => {
    script.seconds = amount(step, seconds);
  },
  start: (script, [count], step) => {
    script.startCount = items(step, count);
  },
  drop: (script, args, step) => {
    const afterSeconds = takeAfter(step, args);
    script.drop = { count: items(step, args[0]), afterSeconds };
  },
  flip: (script, args, step) => {
    script.flips.push(flip(step, args));
    script.flips.sort((a, b) => a.afterSeconds - b.afterSeconds);
  },
  oncancel: (script, [how], step) => {
    script.onCancel = how === 'refuse' || how === 'ignore' ? how : amount(step, how);
  },
  onrefill: (script, [how], step) => {
    script.onRefill = how === 'refuse' || how === 'reject' ? how : amount(step, how);
  },
  fault: (script, args, step) => {
    if (readFault(args.join(':')) === undefined) throw new ScriptError(`step "${step}" does not name a fault`);
    script.faults.push(args.join(':'));
  },
};

/**
 * Parses steps separated by commas. A later step replaces an earlier one of the same name; flips and faults add up. Throws
 * ScriptError.
 */
export function parseScript(text: string): Script {
  const script: Script = { flips: [], faults: [] };
  for (const step of text.split(',')) {
    const [name = '', ...args] = step.trim().split(':');
    if (name === '') continue;
    const read = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
    if (read === undefined) throw new ScriptError(`unknown step "${step.trim()}"`);
    read(script, args, step.trim());
  }
  return script;
}

/** The steps in a link's query parameter `sim`; empty when it has none. */
export function scriptInLink(link: string): string {
  const raw = /[?&]sim=([^&#]*)/.exec(link)?.[1] ?? '';
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
