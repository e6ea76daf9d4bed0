import type { ServiceFile } from '../../../../client/openapi.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { textOf } from '../../page.ts';

/** A route as the form has it, checked by v1 alone. */
export interface RouteDraft {
  /** 0 while none is chosen. */
  readonly provider: number;
  readonly providerService: string;
  readonly rate: string;
  readonly active: boolean;
}

export const draftsOf = ({ routes }: Pick<ServiceFile, 'routes'>): RouteDraft[] =>
  routes.map(({ provider, providerService, rate, active }) => ({ provider, providerService, rate, active }));

/** The rows of a form, the one for a new route at their end. */
function readRows(form: FormData): RouteDraft[] {
  const rows: RouteDraft[] = [];
  for (let place = 1; form.has(`provider-${place}`); place += 1)
    rows.push({
      provider: readSmallId(textOf(form, `provider-${place}`)),
      providerService: textOf(form, `service-${place}`),
      rate: textOf(form, `rate-${place}`),
      active: form.has(`active-${place}`),
    });
  return rows;
}

/** The routes of a form, in order of preference; the row at its end is one more when a provider is chosen there. */
export const readDrafts = (form: FormData): RouteDraft[] => readRows(form).filter(({ provider }) => provider !== 0);

/** What was typed of a new route whose provider is not chosen; undefined when nothing was. */
export const readUnfinished = (form: FormData): RouteDraft | undefined =>
  readRows(form).find(
    ({ provider, providerService, rate }) => provider === 0 && (providerService !== '' || rate !== ''),
  );

/** A route in one line, as it was typed. */
export const textOfDraft = ({ provider, providerService, rate, active }: RouteDraft): string =>
  [
    provider === 0 ? 'no provider' : `provider ${provider}`,
    providerService === '' ? 'no service' : `service ${providerService}`,
    rate === '' ? 'no rate' : `rate ${rate}`,
    ...(active ? [] : ['not used']),
  ].join(', ');

/** What a button of the form does to the routes, beside saving what was typed. */
export interface RouteMove {
  readonly way: 'up' | 'down' | 'remove';
  /** The place of the route, from 1. */
  readonly place: number;
}

export function readMove(text: string): RouteMove | undefined {
  const [, way, place] = /^(up|down|remove)-([1-9]\d?)$/.exec(text) ?? [];
  return way === undefined ? undefined : { way: way as RouteMove['way'], place: Number(place) };
}

/** Where a route stands after a move; undefined when it does not stay. */
export const placeAfter = ({ way, place }: RouteMove): number | undefined =>
  way === 'remove' ? undefined : way === 'up' ? place - 1 : place + 1;

/** The routes after a move. A move beyond either end changes nothing. */
export function moved(drafts: readonly RouteDraft[], move: RouteMove): RouteDraft[] {
  const at = move.place - 1;
  const one = drafts[at];
  const others = drafts.filter((_, index) => index !== at);
  const to = placeAfter(move);
  if (one === undefined || to === undefined) return others;
  return to < 1 || to > drafts.length ? [...drafts] : others.toSpliced(to - 1, 0, one);
}
