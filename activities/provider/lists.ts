import { DEADLINES } from '../../domain/limits.ts';
import { isSpoiled, speaksOfNone } from '../../domain/provider/answers.ts';
import type { ListAction } from '../../domain/provider/profile.ts';
import { call } from './call.ts';
import { TOO_LARGE } from './exchange.ts';
import type { Panel } from './open-panel.ts';
import { takeTurn } from './pace.ts';

/**
 * A call about many orders or refills, its fields, and how its answer is read; `read` returns undefined for an unreadable answer.
 */
export interface ListCall<T> {
  readonly action: ListAction;
  readonly one: 'order' | 'refill';
  readonly many: 'orders' | 'refills';
  readonly read: (status: number, body: string, asked: readonly string[]) => ReadonlyMap<string, T> | undefined;
}

/** A provider's answers about many orders or refills. */
export interface ListAnswers<T> {
  /** By id; undefined when no answer was readable. */
  readonly said: ReadonlyMap<string, T> | undefined;
  /** Whether these answers show that the provider knows no lists. */
  readonly knowsNoLists: boolean;
}

/**
 * The answer to one call, by id. `spoiled`: unreadable, perhaps because of one id, or because the call was about many; `nothing`:
 * an answer that names none of the ids; `none`: no answer.
 */
type Said<T> = ReadonlyMap<string, T> | 'spoiled' | 'nothing' | 'none';

/** The most calls to get the other answers when one id spoils the call about all of them. */
const MOST_CALLS = 64;
/** Halvings without any answer after which the provider is not asked further: single ids are not the cause. */
const HALVINGS = 2;
/** Unanswered single calls in a row after which the provider is not asked about the rest. */
const UNANSWERED = 3;

const halves = <T>(all: readonly T[]): (readonly T[])[] => {
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)];
};

async function ask<T>(
  panel: Panel,
  { action, one, read }: ListCall<T>,
  which: Readonly<Record<string, string>>,
  asked: readonly string[],
): Promise<Said<T>> {
  const result = await call(panel, { action, ...which }, { totalMs: DEADLINES.statusCall });
  if (result.kind !== 'answered') return result.detail === TOO_LARGE ? 'spoiled' : 'none';
  const { status, body } = result;
  const said = read(status, body, asked);
  if (said !== undefined && said.size > 0) return said;
  if (speaksOfNone(status, body, one, asked)) return 'nothing';
  if (isSpoiled(status, body)) return 'spoiled';
  return said ?? 'none';
}

const askMany = <T>(panel: Panel, list: ListCall<T>, ids: readonly string[]): Promise<Said<T>> =>
  ask(panel, list, { [list.many]: ids.join(',') }, ids);

async function askOne<T>(panel: Panel, list: ListCall<T>, id: string): Promise<Said<T>> {
  await takeTurn(panel.url);
  return ask(panel, list, { [list.one]: id }, [id]);
}

/** Asks about each id by itself, until the provider stops answering. */
async function askEach<T>(panel: Panel, list: ListCall<T>, ids: readonly string[]): Promise<ListAnswers<T>['said']> {
  const words = new Map<string, T>();
  let [heard, unanswered] = [false, 0];
  for (const id of ids) {
    const said = await askOne(panel, list, id);
    unanswered = said === 'none' ? unanswered + 1 : 0;
    if (unanswered >= UNANSWERED) break;
    // An error is an answer too: no such order.
    if (said !== 'none') heard = true;
    for (const [key, word] of typeof said === 'string' ? [] : said) words.set(key, word);
  }
  return heard ? words : undefined;
}

/**
 * Asks about many in smaller and smaller calls, because one id may have spoiled the answer about the others. `known`: what it has
 * said of single ones of them.
 */
async function askHalves<T>(
  panel: Panel,
  list: ListCall<T>,
  all: readonly string[],
  known: ReadonlyMap<string, T>,
): Promise<ListAnswers<T>['said']> {
  const words = new Map(known);
  let [calls, heard, parts] = [0, known.size > 0, halves(all).filter(({ length }) => length > 0)];
  for (let halved = 1; parts.length > 0 && (heard || halved <= HALVINGS); halved += 1) {
    const spoiled: (readonly string[])[] = [];
    for (const part of parts) {
      const said = calls < MOST_CALLS ? await askMany(panel, list, part) : 'none';
      calls += 1;
      if (said === 'none') return heard ? words : undefined;
      if (said === 'spoiled') spoiled.push(part);
      else heard = true;
      for (const [id, word] of typeof said === 'string' ? [] : said) words.set(id, word);
    }
    parts = spoiled.filter(({ length }) => length > 1).flatMap(halves);
  }
  return heard ? words : undefined;
}

/**
 * Tests whether a provider that did not answer about many knows no lists at all. The proof: it answers about single ids, then not
 * about the same ids together, then about a single one again. Neither an outage nor an unknown id looks like that. `said` has the
 * answers.
 */
async function tryWithoutList<T>(panel: Panel, list: ListCall<T>, ids: readonly string[]) {
  const said = new Map<string, T>();
  const isHeard = async (id: string): Promise<boolean> => {
    const word = await askOne(panel, list, id);
    for (const [key, value] of typeof word === 'string' ? [] : word) said.set(key, value);
    return typeof word !== 'string' && word.has(id);
  };
  const good: string[] = [];
  // One of the two may be an id that the provider does not know.
  for (const id of new Set([ids[0] ?? '', ids.at(-1) ?? ''])) if (await isHeard(id)) good.push(id);
  const [first] = good;
  if (first === undefined) return { said, knowsNoLists: false };
  const together = await askMany(panel, list, good);
  const knowsNoLists = (together === 'spoiled' || together === 'nothing') && (await isHeard(first));
  return { said, knowsNoLists };
}

/** Asks about many, in one call where the provider knows lists. */
export async function askAll<T>(panel: Panel, list: ListCall<T>, all: readonly string[]): Promise<ListAnswers<T>> {
  if (panel.withoutLists?.has(list.action)) return { said: await askEach(panel, list, all), knowsNoLists: false };
  const first = await askMany(panel, list, all);
  if (first === 'none') return { said: undefined, knowsNoLists: false };
  if (typeof first !== 'string') return { said: first, knowsNoLists: false };
  const { said, knowsNoLists } = await tryWithoutList(panel, list, all);
  // The next round asks about the others, one by one.
  if (knowsNoLists || first === 'nothing') return { said, knowsNoLists };
  return { said: await askHalves(panel, list, all.length > 1 ? all : [], said), knowsNoLists };
}
