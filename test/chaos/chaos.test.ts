import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../dev/processes/process-identity.ts';
import { scaled } from '../support/run/scale.ts';
import { type Figure, holds } from './judge/figure.ts';
import { LONG_FORM, planOf, SHORT_FORM } from './plan.ts';
import { reportOf } from './report.ts';
import { runChaos } from './run.ts';
import { type ChaosStack, openChaosStack } from './stack.ts';

/** A new seed each time. `npm run test:chaos -- --seed <seed>` repeats a run as far as possible. */
const seed = Math.floor(Math.random() * 1_000_000);
const FORM = scaled({ gate: SHORT_FORM, release: LONG_FORM });
const LIMIT_MS = scaled({ gate: 900_000, release: 3_600_000 });
let chaos: ChaosStack | undefined;
let figures: Figure[] = [];

const never = new AbortController().signal;

const figure = (what: string): Figure => {
  const found = figures.find((each) => each.what === what);
  if (found === undefined) throw new Error(`there is no figure "${what}"`);
  return found;
};
const broken = (what: string) => figure(what).broken;

beforeAll(async () => {
  const lines: string[] = [`seed ${seed}`];
  const log = (line: string) => lines.push(line);
  try {
    chaos = await openChaosStack(log, never);
    figures = await runChaos(chaos, { plan: planOf({ ...FORM, seed }), log, signal: never });
  } catch (error) {
    console.log(lines.join('\n'));
    throw error;
  }
  console.log(`seed ${seed}\n${reportOf(figures)}`);
}, LIMIT_MS);

afterAll(async () => chaos?.close(), 120_000);

describe('while processes are killed and frozen, and connections cut', () => {
  it('an order that was acknowledged is there, once, and repeating its request finds it', () => {
    expect(figure('orders acknowledged').value).toBeGreaterThan(0);
    expect(broken('acknowledged orders lost')).toEqual([]);
    expect(broken('repeated requests that found another order')).toEqual([]);
    expect(broken('requests that became more than one order')).toEqual([]);
  });

  it('restarting everything after kill -9 of all processes at once loses nothing acknowledged', () => {
    expect(figure('  all four at the same moment').value).toBeGreaterThan(0);
    expect(figure('  orders acknowledged before the last of these').value).toBeGreaterThan(0);
    expect(broken('acknowledged orders lost')).toEqual([]);
  });

  it('a provider has no second order of any confirmed attempt', () => {
    expect(broken('double sends among confirmed attempts')).toEqual([]);
    expect(broken('confirmed attempts that the provider does not know')).toEqual([]);
    expect(broken('orders of the provider that no attempt accounts for')).toEqual([]);
  });

  it('whatever may have been sent is shown to a person', () => {
    expect(figure('attempts uncertain').value).toBeGreaterThan(0);
    expect(broken('uncertain attempts that nobody is shown')).toEqual([]);
    expect(broken('attempts whose outcome nobody has decided, nor called uncertain')).toEqual([]);
  });

  it('the books add up, and every order that ended is charged for what was delivered', () => {
    expect(broken('ledger drift')).toEqual([]);
    expect(broken('settled orders whose charge and refund are not their price')).toEqual([]);
    expect(broken('settled orders charged for other than was delivered')).toEqual([]);
  });

  it('every event reaches its webhook', () => {
    expect(figure('events').value).toBeGreaterThan(0);
    expect(broken('events that the receiver was not told of')).toEqual([]);
    expect(broken('events that the receiver was told of and that did not happen')).toEqual([]);
  });

  it('a cancel or a refill that was taken takes effect', () => {
    expect(broken('cancels taken that had no effect')).toEqual([]);
    expect(broken('refills taken that do not exist, or neither ended nor wait for a person')).toEqual([]);
    expect(broken('cancels and refills without an answer, or refused for no good reason')).toEqual([]);
  });

  it('nothing else that must hold is broken', () => {
    expect(figures.filter((each) => !holds(each))).toEqual([]);
  });
});

it('the command leaves neither a process nor a file behind', async () => {
  const opened = chaos as ChaosStack;
  const parts = ['api', 'worker', 'temporal', 'postgres', 'provider'] as const;
  const processes = await Promise.all(parts.map((part) => opened.ready(part)));
  await opened.close();
  expect(processes.filter((process) => isAlive(process))).toEqual([]);
  expect(existsSync(opened.home.root)).toBe(false);
}, 120_000);
