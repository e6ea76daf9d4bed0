import type { ServiceFile } from '../../../../client/openapi.ts';
import { queryOf, type View, type Visit } from '../../page.ts';
import { Amount, Heading, Notice, PostForm } from '../../view/parts.tsx';
import { Facts } from '../../view/table.tsx';
import { FieldGroups, ServiceInput } from './field-groups.tsx';
import { readProviders } from './providers-read.ts';
import { draftsOf, type RouteDraft, type RouteMove, readMove } from './route-drafts.ts';
import { MarginText, Routes } from './route-rows.tsx';
import { ACTIVE, type FieldErrors, type FieldTexts, textsOf } from './service-fields.ts';

/** What the page shows instead of the service's own state after a form that was refused. */
export interface Typed {
  readonly texts?: FieldTexts;
  readonly drafts?: readonly RouteDraft[];
  /** A new route whose provider is not chosen yet. */
  readonly unfinished?: RouteDraft | undefined;
  readonly errors?: FieldErrors;
  readonly notice?: string;
  /** What was done, while something else that was typed is not saved yet. */
  readonly done?: string;
  readonly focus?: RouteMove | undefined;
}

/**
 * The page of a service. Routes and terms are one form, so that a button of one does not lose what was typed into the other; the
 * first button is the one of Enter.
 */
export async function serviceView(
  visit: Visit,
  service: ServiceFile,
  typed: Typed = {},
  status: View['status'] = 200,
): Promise<View> {
  const providers = await readProviders(visit);
  const { texts = textsOf(service), drafts = draftsOf(service), errors = {} } = typed;
  const notice = typed.notice ?? errors[''];
  const focus = typed.focus ?? readMove(queryOf(visit, 'moved') ?? '');
  const used = service.routes.find(({ active, held }) => active && held === null);
  const body = (
    <>
      <Heading text={service.name}>
        <a class="button plain" href={`/ops/orders?service=${service.id}`}>
          Its orders
        </a>
        <a class="button plain" href={`/ops/audit?subject=services/${service.id}`}>
          Its changes
        </a>
      </Heading>
      {notice === undefined ? '' : <Notice kind="error">{notice}</Notice>}
      {typed.done === undefined ? '' : <Notice>{typed.done}</Notice>}
      <Facts
        of={[
          ['Service', service.id],
          ['State', <ServiceState service={service} />],
          ['Sold at', <Amount of={service.rate} />],
          ['Margin, first route', <MarginText sold={service.rate} cost={used?.rate} />],
        ]}
      />
      <PostForm token={visit.formToken} action={`/ops/services/${service.id}`}>
        <input type="hidden" name="version" value={service.version} />
        <button type="submit" name="do" value="typed" hidden>
          Save what was typed
        </button>
        <Routes service={service} drafts={drafts} unfinished={typed.unfinished} providers={providers} focus={focus} />
        <h2>Terms</h2>
        <div class="stack is-wide">
          <ServiceInput field={ACTIVE} texts={texts} errors={errors} />
          <FieldGroups texts={texts} errors={errors} />
          <p class="hint">Orders that were placed before keep their price and terms.</p>
          <button type="submit" name="do" value="terms">
            Save the terms
          </button>
        </div>
      </PostForm>
    </>
  );
  return { title: service.name, body, status };
}

/** Whether customers can buy the service now. */
export const ServiceState = ({ service: { active, routes } }: { service: Pick<ServiceFile, 'active' | 'routes'> }) => {
  if (!active) return <span class="badge">not on sale</span>;
  const isOpen = routes.some((route) => route.active && route.held === null);
  return isOpen ? <span class="badge is-completed">on sale</span> : <span class="badge is-failed">no open route</span>;
};
