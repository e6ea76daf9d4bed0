/**
 * How a service chooses among its routes. `order`: by the order of preference that staff gave. `cheapest`: by the provider's rate.
 * `fastest`: by how the routes delivered lately.
 */
export const ROUTINGS = ['order', 'cheapest', 'fastest'] as const;
export type Routing = (typeof ROUTINGS)[number];

/** How a route delivered lately: the provider's batches, as it ended them. */
export interface RouteFigures {
  readonly ended: number;
  /** Batches that were not delivered in full. */
  readonly short: number;
  /** The median of seconds that the others took; null when there are none. */
  readonly p50Seconds: number | null;
}

/** A route of a service with the routing `fastest`. */
export interface MeasuredRoute extends RouteFigures {
  /** Its place in the order of preference, from 1. */
  readonly preference: number;
  /** Its place when the routes were ranked last; null when it was not among them. */
  readonly place: number | null;
}

/** Days, and batches, that the figures of a route cover. */
export const MEASURED = { days: 7, batches: 200 } as const;

/** With fewer ended batches a route has no measure, and keeps its place. */
const ENOUGH = 20;

/** A route passes another only when it takes less than this share of its time, so that routes of equal speed do not swap. */
const FASTER = 0.8;

/** Seconds that a route takes for an order in full: a route that delivers half of them in full takes twice as long. */
function secondsInFull({ ended, short, p50Seconds }: RouteFigures): number | undefined {
  return ended < ENOUGH || p50Seconds === null ? undefined : p50Seconds / (1 - short / ended);
}

/**
 * Ranks the routes of a service, the fastest first. The last ranking stays as far as the figures allow. Routes without a measure
 * keep their places, and the others share the rest. Routes that were changed are ranked anew, from the order of preference.
 */
export function rankRoutes<T extends MeasuredRoute>(routes: readonly T[]): T[] {
  const isKnown = routes.every(({ place }) => place !== null);
  const before = [...routes].sort(
    (one, other) => (isKnown ? Number(one.place) - Number(other.place) : 0) || one.preference - other.preference,
  );
  const measured: T[] = [];
  for (const route of before) {
    const seconds = secondsInFull(route);
    if (seconds === undefined) continue;
    const passed = measured.findIndex((ahead) => seconds < FASTER * (secondsInFull(ahead) ?? 0));
    measured.splice(passed < 0 ? measured.length : passed, 0, route);
  }
  const next = measured.values();
  return before.map((route) => (secondsInFull(route) === undefined ? route : (next.next().value ?? route)));
}

/** Why an attempt has its route. */
export interface RouteChoice extends Partial<RouteFigures> {
  readonly routing: Exclude<Routing, 'order'>;
  /** The route's place in the order of preference, from 1. */
  readonly preference: number;
  /** Open routes that it was chosen from, itself included; without those that had trouble with the batch before. */
  readonly routes: number;
}

/** A sentence for staff that says why an attempt has its route; null: by the order of preference. */
export function whyChosen(choice: RouteChoice | null): string {
  if (choice === null) return 'the first open route in order of preference';
  const { routing, routes, ended = 0, short = 0, p50Seconds = null } = choice;
  if (routes === 1) return 'the only open route';
  if (routing === 'cheapest') return `the cheapest of ${routes} open routes`;
  if (p50Seconds === null || secondsInFull({ ended, short, p50Seconds }) === undefined) {
    return `the first of ${routes} open routes in the last ranking; too few batches ended there to measure it`;
  }
  const median = `the median of its times is ${Math.round(p50Seconds)} s`;
  return `the fastest of ${routes} open routes: ${median}, and ${short} of its last ${ended} batches were not delivered in full`;
}
