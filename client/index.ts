/** A typed client for REST v1 of Holdfast, with live events and webhook verification. */
export { type Client, type ClientOptions, createClient } from './client.ts';
export type {
  AccountEventsOptions,
  AccountMessage,
  EventsOptions,
  OrderMessage,
  OrderProgress,
  Progress,
} from './events.ts';
export type * from './openapi.ts';
export { type ErrorCode, HoldfastProblem, HoldfastUnreachable } from './problem.ts';
export { isBeforeSending, type RetryOptions } from './retry.ts';
export type { Answer, CallOptions, Input, Method, PagedPath, PathOf, Row } from './types.ts';
export { type VerifiedEvent, verifyWebhook, type WebhookEvent, type WebhookHeaders } from './webhooks.ts';
