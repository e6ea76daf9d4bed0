import { PANEL_SCOPES } from '../panel-v2/scopes.ts';

const text = { type: 'string' as const };
const said = (description: string) => ({ ...text, description });
const error = { type: 'object' as const, required: ['error'], properties: { error: text } };

/** The fields of a call. The action and the type of the service decide which of them are required. */
const FIELDS = {
  type: 'object' as const,
  required: ['key', 'action'],
  properties: {
    key: said('Your API key'),
    action: { ...text, enum: Object.keys(PANEL_SCOPES) },
    service: said('add: what is ordered'),
    link: said('add: the target'),
    quantity: said('add: per run'),
    runs: said('add: how many runs a drip-feed has'),
    interval: said('add: minutes between two of them'),
    request_id: said('add: makes it repeatable; optional, and ours'),
    order: said('status, cancel, refill: one order'),
    orders: said('status, cancel, refill: up to 100 orders, separated by commas'),
    refill: said('refill_status: one refill'),
    refills: said('refill_status: up to 100 refills, separated by commas'),
  },
  // The types of services have more fields.
  additionalProperties: true,
};

/** A call that is invalid also gets 200, with an error in the answer. So every body matches the schema. */
const ANY_CALL = { anyOf: [FIELDS, { description: 'Anything else is answered with an error, in an answer of 200' }] };

const operation = {
  tags: ['panel API v2'],
  summary: 'Panel API v2: one address for everything',
  description:
    'For panels and clients that speak it already. HTTP 200 whatever happens; an error is {"error": "…"} alone, and one that answers `add` means that there is no order. The same keys, orders and limits as in v1. Served at /api/v2/ too.',
  security: [],
  responses: {
    '200': {
      description: 'The answer of the action, or an error',
      content: {
        'application/json': {
          schema: {
            anyOf: [
              {
                type: 'object' as const,
                description: 'add: the order',
                properties: { order: { type: 'integer' as const } },
              },
              { type: 'object' as const, description: 'status of one order, or of many by id; balance; refill' },
              {
                type: 'array' as const,
                items: { type: 'object' as const },
                description: 'services; cancel, refill of many',
              },
              error,
            ],
          },
        },
      },
    },
  },
};

const inQuery = Object.entries(FIELDS.properties).map(([name, schema]) => ({
  name,
  in: 'query' as const,
  // A missing or unknown action gets 200 too: see ANY_CALL.
  required: false,
  schema: name === 'action' ? said(`One of ${FIELDS.properties.action.enum.join(', ')}`) : schema,
}));

/** The one path of panel API v2, as far as OpenAPI can describe it. */
export const PANEL_PATH = {
  '/api/v2': {
    get: { ...operation, operationId: 'panelV2ByQuery', parameters: inQuery },
    post: {
      ...operation,
      operationId: 'panelV2',
      requestBody: {
        // The query may hold every field instead.
        required: false,
        content: Object.fromEntries(
          ['application/x-www-form-urlencoded', 'application/json', 'multipart/form-data'].map((type) => [
            type,
            { schema: ANY_CALL },
          ]),
        ),
      },
    },
  },
};
