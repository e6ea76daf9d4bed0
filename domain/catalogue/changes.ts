/** One thing a provider sells, as it says it: what cannot be read is null, and its words are bounded but not believed. */
export interface CatalogueRow {
  /** Its id there. */
  readonly service: string;
  readonly name: string;
  readonly category: string;
  /** One of ours where it means one of ours, otherwise the provider's word. */
  readonly type: string;
  /** The shortest decimal string that says what the provider said. */
  readonly rate: string | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Quantities that it takes are multiples of it; null: it does not say so. */
  readonly step?: number | null;
  readonly dripFeed: boolean;
  readonly refill: boolean;
  readonly cancel: boolean;
}

export interface KnownRow extends CatalogueRow {
  /** It was not in the last catalogue that was read. */
  readonly gone: boolean;
}

export const CHANGES = ['rate', 'min', 'max', 'step', 'type', 'gone', 'back'] as const;

/** Something that became different from one reading to the next. */
export interface CatalogueChange {
  readonly service: string;
  readonly what: (typeof CHANGES)[number];
  readonly was: string | null;
  readonly is: string | null;
}

const COMPARED = ['rate', 'min', 'max', 'step', 'type'] as const;

const said = (value: string | number | null): string | null => (value === null ? null : String(value));

/** What is different about a service that was known; `now` is undefined when it is not in the catalogue any more. */
export function changesOf(was: KnownRow, now: CatalogueRow | undefined): CatalogueChange[] {
  const { service } = was;
  if (now === undefined) return was.gone ? [] : [{ service, what: 'gone', was: null, is: null }];
  const changed = COMPARED.filter((what) => (was[what] ?? null) !== (now[what] ?? null)).map(
    (what): CatalogueChange => ({ service, what, was: said(was[what] ?? null), is: said(now[what] ?? null) }),
  );
  return was.gone ? [{ service, what: 'back', was: null, is: null }, ...changed] : changed;
}

/** Whether anything at all is said otherwise, names and flags included. */
export const differs = (was: KnownRow, now: CatalogueRow): boolean =>
  was.gone || (Object.keys(now) as (keyof CatalogueRow)[]).some((field) => was[field] !== now[field]);
