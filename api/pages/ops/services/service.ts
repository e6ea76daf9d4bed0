import type { ServiceChange, ServiceFile } from '../../../../client/openapi.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { type Page, redirect, textOf, type View, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { draftsOf, moved, placeAfter, readDrafts, readMove, readUnfinished, textOfDraft } from './route-drafts.ts';
import { ACTIVE, errorsOf, FIELDS, type FieldTexts, textsIn, textsOf, valuesOf } from './service-fields.ts';
import { serviceView, type Typed } from './service-view.tsx';

const idOf = ({ c }: Visit): number => readSmallId(c.req.param('id') ?? '');

const readService = (visit: Visit): Promise<ServiceFile> =>
  visit.v1.GET('/v1/admin/services/{id}', { params: { path: { id: idOf(visit) } } });

/** What the form has, of terms and routes. */
const typedIn = (service: ServiceFile, form: FormData) => ({
  texts: form.has('name') ? textsIn(form) : textsOf(service),
  drafts: form.has('provider-1') ? readDrafts(form) : draftsOf(service),
  unfinished: readUnfinished(form),
});

type TypedForm = ReturnType<typeof typedIn>;

/** The terms that were typed differently from what the service has. */
const changedTerms = (service: ServiceFile, texts: FieldTexts) => {
  const had = textsOf(service);
  return [ACTIVE, ...FIELDS].filter(({ name }) => texts.get(name) !== had.get(name));
};

const isOtherRoutes = (service: ServiceFile, { drafts, unfinished }: TypedForm): boolean =>
  unfinished !== undefined || JSON.stringify(drafts) !== JSON.stringify(draftsOf(service));

/** The routes of a form in one line, in order of preference. */
const textOfRoutes = ({ drafts, unfinished }: TypedForm): string =>
  [...drafts, ...(unfinished === undefined ? [] : [unfinished])]
    .map((draft, index) => `${index + 1}: ${textOfDraft(draft)}`)
    .join('; ');

/** The fields that were typed differently from what the service has now, with what was typed. */
const lostOf = (service: ServiceFile, form: FormData): string[] => {
  const typed = typedIn(service, form);
  const terms = changedTerms(service, typed.texts).map(({ name, label, shape }) => {
    const text = typed.texts.get(name) ?? '';
    return `${label} “${shape === 'yes' ? (text === '' ? 'no' : 'yes') : text}”`;
  });
  return isOtherRoutes(service, typed) ? [...terms, `Routes “${textOfRoutes(typed)}”`] : terms;
};

/** A service that has changed since the form was opened: it is shown as it is now. */
async function changedMeanwhile(visit: Visit, form: FormData): Promise<View> {
  const service = await readService(visit);
  const lost = lostOf(service, form);
  const typed = lost.length === 0 ? '' : ` You had typed: ${lost.join(', ')}.`;
  const notice = `Not saved: the service has changed since you opened this page. This is how it is now.${typed}`;
  return serviceView(visit, service, { notice }, 409);
}

/** Says what was done. What was typed into the other part of the form stays there. */
async function done(visit: Visit, to: string, said: string, kept: Typed | undefined): Promise<View | Response> {
  if (kept === undefined) return redirect(visit, to, said);
  const part = kept.texts === undefined ? 'routes' : 'terms';
  return serviceView(visit, await readService(visit), {
    ...kept,
    done: `${said} The ${part} that you typed are not saved yet.`,
  });
}

async function saveTerms(visit: Visit, service: ServiceFile, form: FormData): Promise<View | Response> {
  const typed = typedIn(service, form);
  const changed = changedTerms(service, typed.texts);
  const here = `/ops/services/${service.id}`;
  const { drafts, unfinished } = typed;
  const kept = isOtherRoutes(service, typed) ? { drafts, unfinished } : undefined;
  if (changed.length === 0) return done(visit, here, 'Nothing was different, so nothing has changed.', kept);
  const read = valuesOf(changed, typed.texts);
  if ('errors' in read) return serviceView(visit, service, { ...typed, errors: read.errors }, 422);
  return change(visit, service, form, read.values, typed, () =>
    done(visit, here, `Saved: ${changed.map(({ label }) => label).join(', ')}.`, kept),
  );
}

async function saveRoutes(visit: Visit, service: ServiceFile, form: FormData): Promise<View | Response> {
  const move = readMove(textOf(form, 'do'));
  const typed = typedIn(service, form);
  if (typed.unfinished !== undefined) {
    const errors = { '': 'Choose the provider of the new route.' };
    return serviceView(visit, service, { ...typed, errors }, 422);
  }
  const drafts = move === undefined ? typed.drafts : moved(typed.drafts, move);
  const here = `/ops/services/${service.id}`;
  const to = move && placeAfter(move);
  const place = to !== undefined && to >= 1 && to <= drafts.length ? to : undefined;
  const focus = move === undefined || place === undefined ? undefined : { way: move.way, place };
  const kept = changedTerms(service, typed.texts).length === 0 ? undefined : { texts: typed.texts, focus };
  return change(visit, service, form, { routes: drafts }, typed, () =>
    place === undefined
      ? done(visit, `${here}#routes`, 'The routes are saved.', kept)
      : done(visit, `${here}?moved=${move?.way}-${place}`, `Route ${move?.place} is now route ${place}.`, kept),
  );
}

/** Saves what was typed: Enter is pressed in a field of either part. */
const saveTyped = (visit: Visit, service: ServiceFile, form: FormData): Promise<View | Response> =>
  changedTerms(service, typedIn(service, form).texts).length === 0
    ? saveRoutes(visit, service, form)
    : saveTerms(visit, service, form);

/** Makes a change of the service as the form showed it. */
async function change(
  visit: Visit,
  service: ServiceFile,
  form: FormData,
  values: ServiceChange,
  typed: Typed,
  after: () => Promise<View | Response>,
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
  return after();
}

/** One service: its routes with their margins, and everything that staff can change of it. */
export const servicePage: Page = {
  path: '/services/:id',
  get: async (visit) => serviceView(visit, await readService(visit)),
  post: async (visit, form) => {
    const service = await readService(visit);
    if (textOf(form, 'version') !== service.version) return changedMeanwhile(visit, form);
    const what = textOf(form, 'do');
    if (what === 'typed') return saveTyped(visit, service, form);
    if (what === 'terms') return saveTerms(visit, service, form);
    if (what === 'routes' || readMove(what) !== undefined) return saveRoutes(visit, service, form);
    throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
  },
};
