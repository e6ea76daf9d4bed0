import type { NewOrder } from '../../client/index.ts';
import { FIELD_NAMES, type FieldName } from '../../domain/placement/order-fields.ts';
import { UsageError } from '../command/failure.ts';

/** The options of `order place`. */
export interface PlaceOptions {
  readonly service: number;
  readonly link?: string;
  readonly quantity?: number;
  readonly runs?: number;
  readonly interval?: number;
  readonly at?: string;
  readonly reference?: string;
  readonly maxCharge?: string;
  readonly field?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The body of POST /v1/orders. The API judges the values. @throws UsageError for options that do not go together. */
export function orderBody({
  service,
  link,
  quantity,
  runs,
  interval,
  at,
  reference,
  maxCharge,
  ...more
}: PlaceOptions): NewOrder {
  if ((runs === undefined) !== (interval === undefined)) throw new UsageError('--runs and --interval go together');
  const body: NewOrder = { service, ...fieldsOf(more.field ?? {}) };
  if (link !== undefined) body.link = link;
  if (quantity !== undefined) body.quantity = quantity;
  if (runs !== undefined && interval !== undefined) body.dripFeed = { runs, intervalMinutes: interval };
  if (at !== undefined) body.scheduledAt = at;
  if (reference !== undefined) body.reference = reference;
  if (maxCharge !== undefined) body.maxCharge = maxCharge;
  if (more.metadata !== undefined) body.metadata = { ...more.metadata };
  return body;
}

/** The fields of the service's type. */
function fieldsOf(given: Readonly<Record<string, string>>): Partial<Record<FieldName, string>> {
  const unknown = Object.keys(given).filter((name) => !(FIELD_NAMES as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`--field ${unknown.join(', ')}: a field is one of ${FIELD_NAMES.join(', ')}`);
  }
  return given;
}
