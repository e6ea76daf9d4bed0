/**
 * The service types of panel API v2 (source: the field's contract page, by type id). `priced` tells what a rate is for;
 * `quantity` where the number of items comes from.
 */
interface ServiceTypeRule {
  /** 1000: the rate is per 1000 items. 1: the rate is for one package. */
  readonly per: 1000 | 1;
  /** `given`: the caller says how many. `one`: always one package. */
  readonly quantity: 'given' | 'one';
}

export const SERVICE_TYPES = {
  Default: { per: 1000, quantity: 'given' },
  Package: { per: 1, quantity: 'one' },
} as const satisfies Record<string, ServiceTypeRule>;

export type ServiceType = keyof typeof SERVICE_TYPES;

export const isServiceType = (type: string): type is ServiceType => Object.hasOwn(SERVICE_TYPES, type);
