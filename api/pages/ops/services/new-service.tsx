import { randomUUID } from 'node:crypto';
import type { NewService } from '../../../../client/openapi.ts';
import { keyAfter } from '../../form-key.ts';
import { type Page, queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { Choice, Field, Heading, inputOf, Notice, PostForm } from '../../view/parts.tsx';
import { FieldGroups } from './field-groups.tsx';
import { providerOptions, readProviders } from './providers-read.ts';
import { readDrafts } from './route-drafts.ts';
import { errorsOf, FIELDS, type FieldErrors, type FieldTexts, textsIn, valuesOf } from './service-fields.ts';

interface Typed {
  readonly texts: FieldTexts;
  readonly route: { readonly provider: string; readonly service: string; readonly rate: string };
  readonly errors: FieldErrors;
  readonly key: string;
}

const ROUTE = [
  { name: 'service-1', label: 'Its service', hint: 'The id at the provider' },
  { name: 'rate-1', label: 'Its rate', hint: 'What we pay for 1,000 items, or for a package' },
] as const;

async function viewOf(visit: Visit, { texts, route, errors, key }: Typed, status: View['status'] = 200): Promise<View> {
  const providers = await readProviders(visit);
  const body = (
    <>
      <Heading text="New service" />
      {errors[''] === undefined ? '' : <Notice kind="error">{errors['']}</Notice>}
      <PostForm token={visit.formToken} class="stack is-wide">
        <input type="hidden" name="key" value={key} />
        <input type="hidden" name="active-1" value="yes" />
        <FieldGroups texts={texts} errors={errors} />
        <fieldset>
          <legend>The first route</legend>
          <div class="columns">
            <Choice
              name="provider-1"
              label="Provider"
              value={route.provider}
              options={providerOptions(providers, 'choose…')}
            />
            {ROUTE.map((field) => (
              <Field {...field}>
                <input
                  {...inputOf(field)}
                  value={field.name === 'rate-1' ? route.rate : route.service}
                  autocomplete="off"
                />
              </Field>
            ))}
          </div>
        </fieldset>
        <p class="hint">
          A number that is left empty gets its usual value. More routes are added on the page of the service.
        </p>
        <button type="submit">Offer the service</button>
      </PostForm>
    </>
  );
  return { title: 'New service', body, status };
}

export const newServicePage: Page = {
  path: '/services/new',
  get: (visit) => {
    const given = (name: string) => queryOf(visit, name) ?? '';
    const route = { provider: given('provider'), service: given('service'), rate: given('rate') };
    return viewOf(visit, { texts: new Map(), route, errors: {}, key: randomUUID() });
  },
  post: async (visit, form) => {
    const texts = textsIn(form);
    const route = {
      provider: textOf(form, 'provider-1'),
      service: textOf(form, 'service-1'),
      rate: textOf(form, 'rate-1'),
    };
    const key = textOf(form, 'key');
    const given = FIELDS.filter(({ name, isRequired }) => isRequired === true || texts.get(name) !== '');
    const read = valuesOf(given, texts);
    const routes = readDrafts(form);
    const errors = {
      ...('errors' in read ? read.errors : {}),
      ...(routes.length === 0 ? { '': 'Choose the provider of the first route.' } : {}),
    };
    if ('errors' in read || routes.length === 0) return viewOf(visit, { texts, route, errors, key: randomUUID() }, 422);
    try {
      const body = { ...read.values, routes } as NewService;
      const { id } = await visit.v1.POST('/v1/admin/services', { body, idempotencyKey: key });
      return redirect(visit, `/ops/services/${id}`, `Service ${id} is offered.`);
    } catch (error) {
      if (!(error instanceof V1Problem) || error.status === 401) throw error;
      const errors = errorsOf(error, (name) => FIELDS.some((field) => field.name === name));
      return viewOf(visit, { texts, route, errors, key: keyAfter(key, error) }, 422);
    }
  },
};
