import { median } from '../../bench/measure/rounds.ts';
import type { ProcessSample, Sample } from './sample.ts';

/** One line of the report: what was seen, what is allowed, and what breaks it. */
export interface Bound {
  readonly what: string;
  readonly seen: string;
  /** Absent for what is only counted. */
  readonly allowed?: string;
  readonly broken: readonly string[];
}

/** How much more may be left in the last quarter than in the second one: a share of it, and a few units beside. */
export interface Allowance {
  readonly share: number;
  readonly more: number;
}

const MEGABYTE = 2 ** 20;
const MEMORY: Allowance = { share: 0.25, more: 32 * MEGABYTE };
const DESCRIPTORS: Allowance = { share: 0.2, more: 20 };
const ROWS: Allowance = { share: 0, more: 5 };

/** Fewer samples than this say nothing about growth, and neither does a process that is still warming up. */
const LEAST_SAMPLES = 12;
const LEAST_LIFE_SECONDS = 480;
/** Connections of two processes of a kind: 36 and 20 each (`api/pools.ts`, `activities/worker.ts`). */
const CONNECTIONS: Readonly<Record<string, number>> = { api: 72, worker: 40 };
/** A lag above this must be gone after so many seconds. The watch marks its rounds twice a minute. */
const LAG_SECONDS = 60;
const SECONDS_TO_RECOVER = 240;

/** What a series holds in its second and in its last quarter, and whether that is growth. The first quarter is the warm-up. */
export interface Growth {
  readonly from: number;
  readonly to: number;
  readonly grew: boolean;
}

/**
 * Compares what is left in the second and in the last quarter: the smallest value of each, because a garbage collector makes a
 * sawtooth whose lowest points stay where they are unless something is kept. Undefined: too few samples.
 */
export function growthOf(series: readonly number[], { share, more }: Allowance): Growth | undefined {
  if (series.length < LEAST_SAMPLES) return undefined;
  const quarter = Math.floor(series.length / 4);
  const from = Math.min(...series.slice(quarter, 2 * quarter));
  const to = Math.min(...series.slice(-quarter));
  return { from, to, grew: to > from * (1 + share) + more };
}

/** What a process held, and when, in seconds. */
type Held = ProcessSample & Pick<Sample, 'at'>;

/** The samples of each life of a process. A restart begins a new one. */
export function livesOf(samples: readonly Sample[], name: string): Held[][] {
  const lives = new Map<string, Held[]>();
  for (const { at, processes } of samples) {
    const one = processes[name];
    if (one === undefined) continue;
    const life = lives.get(one.started) ?? [];
    life.push({ at, ...one });
    lives.set(one.started, life);
  }
  return [...lives.values()];
}

const secondsOf = (life: readonly Held[]): number => (life.at(-1)?.at ?? 0) - (life[0]?.at ?? 0);

/** A value and when it was seen, in seconds. */
export interface Seen {
  readonly at: number;
  readonly value: number;
}

/** Seconds of the longest time above the limit: from the first sample above it to the next one that is not. */
export function longestAbove(series: readonly Seen[], limit: number): number {
  let longest = 0;
  let since: number | undefined;
  for (const { at, value } of series) {
    if (since !== undefined) longest = Math.max(longest, at - since);
    since = value > limit ? (since ?? at) : undefined;
  }
  return longest;
}

/** Judges all samples. `last` was taken when everything was at rest. */
export function boundsOf(samples: readonly Sample[], last: Sample): Bound[] {
  const names = [...new Set(samples.flatMap(({ processes }) => Object.keys(processes)))].sort();
  return [
    ...names.flatMap((name) => [
      growthOfLives(`memory of ${name}`, livesOf(samples, name), {
        of: ({ residentBytes }) => residentBytes,
        allowance: MEMORY,
        show: (bytes) => `${Math.round(bytes / MEGABYTE)} MB`,
        allowed: 'at most +25 % and 32 MB from the second to the last quarter of a life',
      }),
      growthOfLives(`descriptors of ${name}`, livesOf(samples, name), {
        of: ({ descriptors }) => descriptors,
        allowance: DESCRIPTORS,
        show: String,
        allowed: 'at most +20 % and 20',
      }),
    ]),
    ...Object.entries(CONNECTIONS).map(([kind, most]) =>
      atMost(
        `connections of both ${kind} processes`,
        samples.map(({ connections }) => connections[kind] ?? 0),
        most,
      ),
    ),
    ...Object.keys(last.rows)
      .filter((table) => table !== OPEN_CLAIMS)
      .map((table) => rowsBound(table, [...samples, last])),
    recovers(
      'watch lag, seconds',
      [...samples, last].map(({ at, watchLagSeconds: value }) => ({ at, value })),
    ),
    recovers(
      'oldest untried webhook event, seconds',
      [...samples, last].map(({ at, webhookOldestSeconds: value }) => ({ at, value })),
    ),
    atTheEnd(
      'open claims',
      samples.map(({ rows }) => rows[OPEN_CLAIMS] ?? 0),
      last.rows[OPEN_CLAIMS] ?? 0,
    ),
    atTheEnd(
      'webhook events that wait',
      samples.map(({ webhookBacklog }) => webhookBacklog),
      last.webhookBacklog,
    ),
    atTheEnd(
      'uncertain orders',
      samples.map(({ uncertain }) => uncertain),
      last.uncertain,
    ),
    atTheEnd(
      'open alerts',
      samples.map(({ openAlerts }) => openAlerts),
      last.openAlerts,
      last.alertKinds,
    ),
  ];
}

const OPEN_CLAIMS = 'open claims';

interface Measured {
  readonly of: (one: ProcessSample) => number;
  readonly allowance: Allowance;
  readonly show: (value: number) => string;
  readonly allowed: string;
}

/** Shows the longest life, and names every life that grew. */
function growthOfLives(
  what: string,
  lives: readonly (readonly Held[])[],
  { of, allowance, show, allowed }: Measured,
): Bound {
  const judged = lives.flatMap((life) => {
    const seconds = secondsOf(life);
    const growth = seconds < LEAST_LIFE_SECONDS ? undefined : growthOf(life.map(of), allowance);
    return growth === undefined ? [] : [{ ...growth, seconds }];
  });
  const [longest] = judged.toSorted((one, other) => other.seconds - one.seconds);
  const said = ({ from, to, seconds }: Growth & { readonly seconds: number }) =>
    `${show(from)} → ${show(to)} in ${Math.round(seconds / 60)} minutes`;
  if (longest === undefined) {
    const all = lives.flat().map(of);
    return { what, seen: all.length === 0 ? 'nothing' : `${show(median(all))}; every life was too short`, broken: [] };
  }
  return { what, seen: said(longest), allowed, broken: judged.filter(({ grew }) => grew).map(said) };
}

function rowsBound(table: string, samples: readonly Sample[]): Bound {
  const series = samples.map(({ rows }) => rows[table] ?? 0);
  const growth = growthOf(series, ROWS);
  const what = `rows of ${table}`;
  if (growth === undefined) return { what, seen: `${series.at(-1)}; too few samples`, broken: [] };
  const seen = `${growth.from} → ${growth.to}`;
  return { what, seen, allowed: 'at most 5 more', broken: growth.grew ? [seen] : [] };
}

function atMost(what: string, series: readonly number[], most: number): Bound {
  const seen = Math.max(...series, 0);
  return { what, seen: `${seen} at most`, allowed: `${most}`, broken: seen > most ? [`${seen}`] : [] };
}

function recovers(what: string, series: readonly Seen[]): Bound {
  const longest = Math.round(longestAbove(series, LAG_SECONDS));
  const most = Math.max(...series.map(({ value }) => value), 0);
  const last = series.at(-1)?.value ?? 0;
  return {
    what,
    seen: `${Math.round(most)} at most, above ${LAG_SECONDS} for ${longest} s, ${Math.round(last)} at the end`,
    allowed: `above ${LAG_SECONDS} for at most ${SECONDS_TO_RECOVER} s, and not at the end`,
    broken: [
      ...(longest > SECONDS_TO_RECOVER ? [`above ${LAG_SECONDS} for ${longest} s`] : []),
      ...(last > LAG_SECONDS ? [`${Math.round(last)} at the end`] : []),
    ],
  };
}

function atTheEnd(what: string, series: readonly number[], last: number, names: readonly string[] = []): Bound {
  return {
    what,
    seen: `${Math.max(...series, 0)} at most, ${last} at the end`,
    allowed: '0 at the end',
    broken: last === 0 ? [] : [[`${last}`, ...names].join(' ')],
  };
}
