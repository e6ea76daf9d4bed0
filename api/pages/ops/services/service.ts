import type { ServiceChange, ServiceFile } from '../../../../client/openapi.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { type Page, redirect, textOf, type View, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { moved, placeAfter, readDrafts, readMove } from './route-drafts.ts';
import { ACTIVE, errorsOf, FIELDS, textsIn, textsOf, valuesOf } from './service-fields.ts';
import { serviceView, type Typed } from './service-view.tsx';

const idOf = ({ c }: Visit): number => readSmallId(c.req.param('id') ?? '');

const readService = (visit: Visit): Promise<ServiceFile> =>
  visit.v1.GET('/v1/admin/services/{id}', { params: { path: { id: idOf(visit) } } });

/** The labels of fields that were typed differently from what the service has now. */
const lostOf = (service: ServiceFile, form: FormData): string[] => {
  if (textOf(form, 'do') !== 'terms') return [];
  const [now, typed] = [textsOf(service), textsIn(form)];
  return [ACTIVE, ...FIELDS].flatMap(({ name, label, shape }) => {
    const text = typed.get(name) ?? '';
    if (text === now.get(name)) return [];
    return [`${label} “${shape === 'yes' ? (text === '' ? 'no' : 'yes') : text}”`];
  });
};

/** A service that has changed since the form was opened: it is shown as it is now. */
async function changedMeanwhile(visit: Visit, form: FormData): Promise<View> {
  const service = await readService(visit);
  const lost = lostOf(service, form);
  const typed = lost.length === 0 ? '' : ` You had typed: ${lost.join(', ')}.`;
  const notice = `Not saved: the service has changed since you opened this page. This is how it is now.${typed}`;
  return serviceView(visit, service, { notice }, 409);
}

async function saveTerms(visit: Visit, service: ServiceFile, form: FormData): Promise<View | Response> {
  const [had, texts] = [textsOf(service), textsIn(form)];
  const changed = [ACTIVE, ...FIELDS].filter(({ name }) => texts.get(name) !== had.get(name));
  const here = `/ops/services/${service.id}`;
  if (changed.length === 0) return redirect(visit, here, 'Nothing was different, so nothing has changed.');
  const read = valuesOf(changed, texts);
  if ('errors' in read) return serviceView(visit, service, { texts, errors: read.errors }, 422);
  return change(visit, service, form, read.values, { texts }, async () =>
    redirect(visit, here, `Saved: ${changed.map(({ label }) => label).join(', ')}.`),
  );
}

async function saveRoutes(visit: Visit, service: ServiceFile, form: FormData): Promise<View | Response> {
  const move = readMove(textOf(form, 'do'));
  const typed = readDrafts(form);
  const drafts = move === undefined ? typed : moved(typed, move);
  const here = `/ops/services/${service.id}`;
  const to = move && placeAfter(move);
  const place = to !== undefined && to >= 1 && to <= drafts.length ? to : undefined;
  return change(visit, service, form, { routes: drafts }, { drafts: typed }, async () =>
    place === undefined
      ? redirect(visit, `${here}#routes`, 'The routes are saved.')
      : redirect(visit, `${here}?moved=${move?.way}-${place}`, `Route ${move?.place} is now route ${place}.`),
  );
}

/** Makes a change of the service as the form showed it. */
async function change(
  visit: Visit,
  service: ServiceFile,
  form: FormData,
  values: ServiceChange,
  typed: Typed,
  done: () => Promise<Response>,
): Promise<View | Response> {
  const body = { ...values, version: textOf(form, 'version') };
  try {
    await visit.v1.PATCH('/v1/admin/services/{id}', { params: { path: { id: service.id } }, body });
  } catch (error) {
    if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
    if (error.code === 'conflict') return changedMeanwhile(visit, form);
    const errors = errorsOf(error, (name) => [ACTIVE, ...FIELDS].some((field) => field.name === name));
    const all = errors[''] ?? 'Not saved: see the fields below.';
    return serviceView(visit, service, { ...typed, errors: { ...errors, '': all } }, 422);
  }
  return done();
}

/** One service: its routes with their margins, and everything that staff can change of it. */
export const servicePage: Page = {
  path: '/services/:id',
  get: async (visit) => serviceView(visit, await readService(visit)),
  post: async (visit, form) => {
    const service = await readService(visit);
    if (textOf(form, 'version') !== service.version) return changedMeanwhile(visit, form);
    const what = textOf(form, 'do');
    if (what === 'terms') return saveTerms(visit, service, form);
    if (what === 'routes' || readMove(what) !== undefined) return saveRoutes(visit, service, form);
    throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
  },
};
