/** How the pages write numbers, amounts and times. Amounts are never rounded. */

import { rounded } from '../../../domain/report/figures.ts';

const GROUPS = /\B(?=(\d{3})+$)/g;

/** `1,234,567` */
export const count = (number: number): string => String(number).replace(/^-?\d+/, (digits) => grouped(digits));

/** `12`, or `1,000+` when the counting stopped at `most`. */
export const countUpTo = (most: number, number: number): string => `${count(number)}${number >= most ? '+' : ''}`;

/** `1 order`, `1,234 orders` */
export const counted = (number: number, what: string): string => `${count(number)} ${what}${number === 1 ? '' : 's'}`;

const grouped = (digits: string): string => digits.replace(GROUPS, ',');

/** An exact decimal string with grouped digits and at least two decimals: `1234.5` is `1,234.50`. */
export function money(amount: string): string {
  const [whole = '0', fraction = ''] = amount.split('.');
  return `${grouped(whole)}.${fraction.padEnd(2, '0')}`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time by its two largest units: `42 s`, `5 min`, `3 h 20 min`, `2 d 4 h`. */
export function duration(seconds: number): string {
  const all = Math.max(Math.floor(seconds), 0);
  if (all < MINUTE) return `${all} s`;
  if (all < HOUR) return `${Math.floor(all / MINUTE)} min`;
  if (all < DAY) return two(Math.floor(all / HOUR), 'h', Math.floor((all % HOUR) / MINUTE), 'min');
  return two(Math.floor(all / DAY), 'd', Math.floor((all % DAY) / HOUR), 'h');
}

const two = (first: number, unit: string, second: number, smaller: string): string =>
  second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${smaller}`;

/** `5 min ago`, `in 2 h`, `just now` */
export function relative(at: Date, now: Date): string {
  const seconds = (now.getTime() - at.getTime()) / 1_000;
  if (Math.abs(seconds) < 10) return 'just now';
  return seconds > 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`;
}

/** `2026-11-27 06:56:06 UTC` */
export const exactTime = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Why something was refused, in words: a detail that only repeats its title is left out. */
export const whyRefused = ({ title, detail }: { readonly title: string; readonly detail: string }): string =>
  detail === title ? title : `${title}: ${detail}`;

const CODES: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'the connection ended before the answer was complete',
  ECONNRESET: 'the connection was cut before the answer was complete',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'the answer was too long',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  ECONNREFUSED: 'nothing listens at the address',
  ENOTFOUND: 'the name of the host is not known',
};

/** A code of the network or of Node.js with what it means; other text stays as it is. */
export const explained = (said: string): string => (Object.hasOwn(CODES, said) ? `${CODES[said]} (${said})` : said);

/** A share from 0 to 1 as percent: `2.5 %`. */
export const share = (part: number): string => `${rounded(part * 100, 1)} %`;

const BROWSERS = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
] as const;

const SYSTEMS = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;

/** A browser's own name in short: `Chrome on Linux`. One that is not known keeps its first words. */
export function browser(agent: string): string {
  const named =
    BROWSERS.find(([pattern]) => pattern.test(agent))?.[1] ?? ([...agent].slice(0, 40).join('') || 'not named');
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1];
  return system === undefined ? named : `${named} on ${system}`;
}
