import { type CatalogueService, pricedPer } from './catalogue.ts';
import { digest, type PlacedOrder } from './order.ts';
import { parseScript, ScriptError, scriptInLink } from './script.ts';
import type { Settings } from './settings.ts';

/** The fields of a request, all text as a form sends them. */
export type Fields = Readonly<Record<string, string>>;

/** A definite refusal, with panel API v2's error text. */
export class PanelError extends Error {
  override readonly name = 'PanelError';
}

/** Fields that a type requires beside link and quantity. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  SEO: ['keywords'],
  'Custom Comments': ['comments'],
  'Custom Comments Package': ['comments'],
  Mentions: ['usernames'],
  'Mentions with Hashtags': ['usernames', 'hashtags'],
  'Mentions Custom List': ['usernames'],
  'Mentions Hashtag': ['hashtag'],
  'Mentions User Followers': ['username'],
  'Mentions Media Likers': ['media'],
  'Comment Likes': ['username'],
  'Comment Replies': ['username', 'comments'],
  Poll: ['answer_number'],
  'Invites from Groups': ['groups'],
  Subscriptions: ['username', 'min', 'max', 'posts', 'delay'],
  'Web Traffic': ['country', 'device', 'type_of_traffic'],
};

/** Number fields, each with its least and greatest value. */
const NUMBERS: Readonly<Record<string, readonly [number, number]>> = {
  answer_number: [1, 1_000],
  device: [1, 5],
  type_of_traffic: [1, 3],
  min: [1, 1_000_000_000],
  max: [1, 1_000_000_000],
  posts: [1, 1_000_000],
  old_posts: [0, 1_000_000],
  delay: [0, 600],
};

const ERROR_OF_FIELD: Readonly<Record<string, string>> = { comments: 'neworder.error.comment' };

const fieldError = (field: string): PanelError => new PanelError(ERROR_OF_FIELD[field] ?? `neworder.error.${field}`);

/** The target of an order: its link, or for a subscription the user name it follows. */
export const targetOf = (fields: Fields): string => fields.link?.trim() || (fields.username?.trim() ?? '');

/** Throws PanelError for the first field that is missing or not a number in its range. */
function checkFields({ type }: CatalogueService, fields: Fields): void {
  const source = fields.type_of_traffic?.trim();
  const required = [
    ...(REQUIRED[type] ?? []),
    ...(type === 'Web Traffic' && source === '1' ? ['google_keyword'] : []),
    ...(type === 'Web Traffic' && source === '2' ? ['referring_url'] : []),
  ];
  for (const field of required) if (!fields[field]?.trim()) throw fieldError(field);
  for (const [field, [least, most]] of Object.entries(NUMBERS)) {
    if (fields[field] === undefined) continue;
    const value = whole(fields[field]) ?? -1;
    if (value < least || value > most) throw fieldError(field);
  }
}

const lines = (text: string | undefined): number =>
  (text ?? '').split(/\r?\n/).filter((line) => line.trim() !== '').length;

/** A form field as a whole number; undefined when it is not one. */
export const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;

/** How many items one run of the order has; 0 when the field with the number is missing or unreadable. */
function quantityOf(service: CatalogueService, fields: Fields): number {
  switch (service.type) {
    case 'Package':
    case 'Custom Comments Package':
      return 1;
    case 'Custom Comments':
    case 'Comment Replies':
      return lines(fields.comments);
    case 'Mentions Custom List':
      return lines(fields.usernames);
    case 'Subscriptions':
      return (whole(fields.posts) ?? 0) + (whole(fields.old_posts) ?? 0);
    default:
      return whole(fields.quantity) ?? 0;
  }
}

/** An `add` request as understood: all of the order but its id, time and start count. */
export type Wish = Omit<PlacedOrder, 'order' | 'at' | 'startCount' | 'jitter'> & {
  readonly unique: boolean;
  readonly scriptedStart: number | undefined;
};

/**
 * Checks an `add`. `linkScript` is the script set over the control endpoint; its steps follow the link's own steps.
 * Throws PanelError with the field's error key.
 */
export function readWish(
  services: readonly CatalogueService[],
  fields: Fields,
  linkScript: string,
  settings: Settings,
): Wish {
  const service = services.find((one) => one.service === whole(fields.service));
  if (service === undefined) throw new PanelError('error.incorrect_service_id');
  const follows = service.type === 'Subscriptions';
  const link = follows ? (fields.username?.trim() ?? '') : (fields.link?.trim() ?? '');
  if (link === '' || /\s/.test(link)) throw fieldError(follows ? 'username' : 'link');
  checkFields(service, fields);
  const quantity = quantityOf(service, fields);
  const least = follows ? (whole(fields.min) ?? 0) : quantity;
  const greatest = follows ? (whole(fields.max) ?? 0) : quantity;
  if (least < Number(service.min)) throw new PanelError('neworder.error.min_quantity');
  if (greatest > Number(service.max)) throw new PanelError('neworder.error.max_quantity');

  const script = [scriptInLink(link), linkScript].filter(Boolean).join(',');
  const read = readScript(script);
  if (read.refuse !== undefined) throw new PanelError(read.refuse);
  const { runs, intervalMs } = dripFeed(service, fields, settings);
  const durationMs =
    read.itemsPerSecond !== undefined
      ? (quantity / read.itemsPerSecond) * 1000
      : (read.seconds ?? settings.seconds / settings.speed) * 1000;
  return {
    service: service.service,
    type: service.type,
    link,
    quantity,
    runs,
    intervalMs,
    rate: service.rate,
    per: pricedPer(service.type),
    ...(follows ? { each: greatest, expiry: fields.expiry?.trim() ?? '' } : {}),
    script,
    delayMs: read.delayMs ?? settings.startDelayMs / settings.speed,
    // A run ends before the next begins, so two runs never deliver at the same time.
    durationMs: runs > 1 ? Math.min(durationMs, intervalMs) : durationMs,
    cancelMs: typeof read.onCancel === 'number' ? read.onCancel : settings.cancelDelayMs,
    unique: read.unique ?? settings.uniqueLinks,
    scriptedStart: read.startCount,
  };
}

function readScript(script: string) {
  try {
    return parseScript(script);
  } catch (error) {
    if (error instanceof ScriptError) throw new PanelError(`neworder.error.script: ${error.message}`);
    throw error;
  }
}

/**
 * Reads runs and interval (minutes); one run when neither is given. 0 counts as not given, because some clients always send it.
 */
function dripFeed(service: CatalogueService, fields: Fields, settings: Settings): { runs: number; intervalMs: number } {
  const given = (text: string | undefined): boolean => text !== undefined && text.trim() !== '' && text.trim() !== '0';
  if (!given(fields.runs) && !given(fields.interval)) return { runs: 1, intervalMs: 0 };
  const runs = whole(fields.runs);
  const interval = whole(fields.interval);
  if (!service.dripfeed || runs === undefined || runs < 1) throw new PanelError('neworder.error.runs');
  if (runs > 1 && (interval === undefined || interval < 1)) throw new PanelError('neworder.error.interval');
  return { runs, intervalMs: (interval ?? 0) * settings.minuteMs };
}

/** Makes the order. The same seed, id and wish give the same order. */
export function toOrder(wish: Wish, order: number, at: number, startCount: number, seed: string): PlacedOrder {
  const { unique: _, scriptedStart: __, ...record } = wish;
  const jitter = `${seed}:${order}`;
  const read = parseScript(wish.script);
  // Orders without a scripted speed differ in duration by up to a quarter, as real ones do.
  const exact = read.seconds !== undefined || read.itemsPerSecond !== undefined || wish.runs > 1;
  const factor = exact ? 1 : 0.75 + digest('duration', jitter).readUInt16BE() / 131_072;
  return { ...record, durationMs: record.durationMs * factor, order, at, startCount, jitter };
}

/** A plausible count of a target before its first order: the same for the same link and seed. */
export const baseCount = (seed: string, link: string): number =>
  100 + (digest('base', seed, link).readUInt32BE() % 49_900);
