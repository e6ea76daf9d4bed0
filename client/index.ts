/** A client for REST v1 of Holdfast, typed from the API's own OpenAPI document, with no dependency beside Node.js. */
export { type Answer, type CallOptions, type Client, type ClientOptions, createClient, type Input } from './client.ts';
export type { EventsOptions, OrderMessage, Progress } from './events.ts';
export type * from './operations.ts';
export { HoldfastProblem, HoldfastUnreachable } from './problem.ts';
export { type VerifiedEvent, verifyWebhook, type WebhookEvent, type WebhookHeaders } from './webhooks.ts';
