/** One service in a provider's catalogue. An unreadable field is null. Texts are shortened and cleaned, but not trusted. */
export interface CatalogueRow {
  /** The provider's id of the service. */
  readonly service: string;
  readonly name: string;
  readonly category: string;
  /** One of our service types if the provider's word means one, otherwise the word itself. */
  readonly type: string;
  /** The provider's rate as the shortest decimal string. */
  readonly rate: string | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Quantities must be multiples of it; null: the catalogue has no step. */
  readonly step?: number | null;
  readonly dripFeed: boolean;
  readonly refill: boolean;
  readonly cancel: boolean;
}

export interface KnownRow extends CatalogueRow {
  /** The service was missing from the last two catalogues that were read. */
  readonly gone: boolean;
}

export const CHANGES = ['rate', 'min', 'max', 'step', 'type', 'gone', 'back'] as const;

/** A difference between two readings of a catalogue. */
export interface CatalogueChange {
  readonly service: string;
  readonly what: (typeof CHANGES)[number];
  readonly was: string | null;
  readonly is: string | null;
}

const COMPARED = ['rate', 'min', 'max', 'step', 'type'] as const;

const said = (value: string | number | null): string | null => (value === null ? null : String(value));

/** The changes of a known service. `now` is undefined when the service is no longer in the catalogue. */
export function changesOf(was: KnownRow, now: CatalogueRow | undefined): CatalogueChange[] {
  const { service } = was;
  if (now === undefined) return was.gone ? [] : [{ service, what: 'gone', was: null, is: null }];
  const changed = COMPARED.filter((what) => (was[what] ?? null) !== (now[what] ?? null)).map(
    (what): CatalogueChange => ({ service, what, was: said(was[what] ?? null), is: said(now[what] ?? null) }),
  );
  return was.gone ? [{ service, what: 'back', was: null, is: null }, ...changed] : changed;
}

/** Whether any field differs, names and flags included. */
export const differs = (was: KnownRow, now: CatalogueRow): boolean =>
  was.gone || (Object.keys(now) as (keyof CatalogueRow)[]).some((field) => was[field] !== now[field]);
