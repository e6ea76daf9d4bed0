import { z } from '@hono/zod-openapi';
import {
  type BulkOrderLine,
  type BulkOrdersRow,
  LINE_STATUSES,
  type StoredRefusal,
} from '../../db/placement/bulk-orders.ts';
import { ERRORS, isErrorCode } from '../../domain/errors.ts';
import { problemParts } from '../v1/schemas.ts';

const bulkOrderParts = {
  id: z.int(),
  status: z.enum(['placing', 'ended']),
  total: z.int(),
  waiting: z.int(),
  placed: z.int(),
  refused: z.int(),
  canceled: z.int(),
  createdAt: z.iso.datetime(),
};

export const bulkOrdersSchema = z.object(bulkOrderParts).openapi('BulkOrders');

export const bulkLineSchema = z
  .object({
    line: z.int(),
    status: z.enum(LINE_STATUSES),
    service: z.int().nullable().openapi({ description: 'What the line asks for; null where it could not be read' }),
    link: z.string().nullable(),
    quantity: z.int().nullable(),
    order: z.int().nullable(),
    error: z.object({ code: problemParts.code, title: z.string(), detail: z.string() }).nullable(),
  })
  .openapi('BulkOrderLine');

export const bulkOrdersPageSchema = z
  .object({ ...bulkOrderParts, data: z.array(bulkLineSchema), nextCursor: z.string().nullable() })
  .openapi('BulkOrderPage');

export const bulkOrdersView = ({ createdAt, ...row }: BulkOrdersRow) => ({
  ...row,
  status: row.waiting > 0 ? ('placing' as const) : ('ended' as const),
  createdAt: createdAt.toISOString(),
});

function refusalView({ code, detail }: StoredRefusal) {
  const known = isErrorCode(code) ? code : 'internal';
  return { code: known, title: ERRORS[known].title, detail: detail ?? ERRORS[known].title };
}

export const bulkLineView = ({ error, ...line }: BulkOrderLine) => ({
  ...line,
  error: error === null ? null : refusalView(error),
});

/** A line of a list, whether the list was placed at once or later. */
interface ListedLine {
  readonly line: number;
  readonly status: string;
  readonly order: number | null;
  readonly error: { readonly code: string; readonly title: string; readonly detail: string } | null;
}

/** The columns of a CSV file of the results of a list, whose lines are told apart by a further column. */
export const LINE_COLUMNS = {
  line: ({ line }: ListedLine) => line,
  status: ({ status }: ListedLine) => status,
  order: ({ order }: ListedLine) => order,
  code: ({ error }: ListedLine) => error?.code ?? null,
  title: ({ error }: ListedLine) => error?.title ?? null,
  detail: ({ error }: ListedLine) => error?.detail ?? null,
};

/** The same for a list that was stored, with what each line asks for. */
export const KEPT_LINE_COLUMNS = {
  ...LINE_COLUMNS,
  service: ({ service }: BulkOrderLine) => service,
  link: ({ link }: BulkOrderLine) => link,
  quantity: ({ quantity }: BulkOrderLine) => quantity,
};
