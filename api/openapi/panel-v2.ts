import { PANEL_SCOPES } from '../panel-v2/scopes.ts';

const text = { type: 'string' as const };
const textField = (description: string) => ({ ...text, description });
const error = { type: 'object' as const, required: ['error'], properties: { error: text } };

/** The fields of a call. The action and the type of the service decide which of them are required. */
const FIELDS = {
  type: 'object' as const,
  required: ['key', 'action'],
  properties: {
    key: textField('Your API key'),
    action: { ...text, enum: Object.keys(PANEL_SCOPES) },
    service: textField('add: the id of the service'),
    link: textField('add: the target'),
    quantity: textField('add: the quantity of each run'),
    runs: textField('add: how many runs a drip-feed has'),
    interval: textField('add: minutes between two runs'),
    request_id: textField(
      'add: optional, an extension of Holdfast: a repeat with the same request_id gets the same order',
    ),
    order: textField('status, cancel, refill: one order'),
    orders: textField('status, cancel, refill: up to 100 orders, separated by commas'),
    refill: textField('refill_status: one refill'),
    refills: textField('refill_status: up to 100 refills, separated by commas'),
  },
  // Service types add fields of their own.
  additionalProperties: true,
};

/** A call that is invalid also gets 200, with an error in the answer. So every body matches the schema. */
const ANY_CALL = { anyOf: [FIELDS, { description: 'Any other body gets an error with HTTP 200' }] };

const operation = {
  tags: ['panel API v2'],
  summary: 'Panel API v2: one address for everything',
  description:
    'For panels and clients that already use panel API v2. Every answer has HTTP 200; an error is {"error": "…"} alone. An error to `add` means that there is no order. Keys, orders and limits are the same as in REST v1. /api/v2/ is the same address.',
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
              {
                type: 'object' as const,
                description: 'status of one order, or of many by id; balance; refill of one order',
              },
              {
                type: 'array' as const,
                items: { type: 'object' as const },
                description: 'services; cancel and refill of many orders',
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
  schema: name === 'action' ? textField(`One of ${FIELDS.properties.action.enum.join(', ')}`) : schema,
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
