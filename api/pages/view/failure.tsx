import { HTTPException } from 'hono/http-exception';
import type { FC } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ERRORS, Refusal } from '../../../domain/errors.ts';
import type { Deps } from '../../deps.ts';
import { asRefusal } from '../../http/errors.ts';
import { V1Problem } from '../v1.ts';

/** Why a page cannot be shown. */
export interface Failure {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string;
}

export function failureOf(error: unknown, log: Deps['log'], requestId: string): Failure {
  if (error instanceof V1Problem) {
    const { status, title, detail, requestId: inner } = error;
    return { status: status as ContentfulStatusCode, title, detail, requestId: inner };
  }
  const refusal =
    error instanceof HTTPException && error.status === 403
      ? new Refusal('forbidden', 'the form came from another site')
      : asRefusal(error, log, requestId);
  const { status, title } = ERRORS[refusal.code];
  return { status: status as ContentfulStatusCode, title, detail: refusal.detail ?? title, requestId };
}

/** The content of a page that tells why there is no other. */
export const FailureText: FC<{ failure: Failure; root: string }> = ({ failure, root }) => {
  const { status, title, detail, requestId } = failure;
  return (
    <section class="failure">
      <h1>{title}</h1>
      {detail === title ? '' : <p>{detail}</p>}
      {status === 404 ? <p>It does not exist, or it belongs to another account.</p> : ''}
      <p>
        <a href={root}>Overview</a>
      </p>
      <p class="quiet">
        {status} · request {requestId}
      </p>
    </section>
  );
};
