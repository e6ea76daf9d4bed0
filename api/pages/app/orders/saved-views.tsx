import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { OrderListView } from '../../../../client/openapi.ts';
import { LIMITS } from '../../../../domain/limits.ts';
import { redirect, textOf, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { Field, inputOf, PostForm } from '../../view/parts.tsx';
import { type Filters, filtersIn } from './order-filters.tsx';

/** The filters as a query string; empty without any. */
const queryText = (filters: Filters): string => new URLSearchParams(filters).toString();

/** The list with the filters of a view. A parameter that the list does not know is left out. */
const addressOf = ({ query }: OrderListView): string =>
  `/app/orders?${queryText(filtersIn((name) => new URLSearchParams(query).get(name)))}`;

export const readViews = async ({ v1 }: Visit): Promise<readonly OrderListView[]> => (await v1.GET('/v1/views')).data;

/** Saves or deletes a view by its form. */
export async function changeViews(visit: Visit, action: 'save' | 'forget', form: FormData): Promise<Response> {
  const query = textOf(form, 'query');
  const back = query === '' ? '/app/orders' : `/app/orders?${query}`;
  try {
    if (action === 'forget') {
      const { name } = await visit.v1.DELETE('/v1/views/{id}', {
        params: { path: { id: Number(textOf(form, 'view')) } },
      });
      return redirect(visit, back, `The view ${name} is deleted.`);
    }
    const body = { name: textOf(form, 'name'), query };
    await visit.v1.POST('/v1/views', { body, idempotencyKey: textOf(form, 'key') });
    return redirect(visit, back, `The view ${body.name} is saved.`);
  } catch (error) {
    if (!(error instanceof V1Problem) || error.status === 401) throw error;
    return redirect(visit, back, `${error.title}: ${error.detail}`, 'error');
  }
}

const Save: FC<{ filters: Filters; token: string }> = ({ filters, token }) => {
  const field = { name: 'name', label: 'Name', hint: 'These filters under a name; the same name again replaces them' };
  return (
    <details>
      <summary>Save as a view</summary>
      <PostForm token={token} class="stack" action="/app/orders">
        <input type="hidden" name="do" value="save" />
        <input type="hidden" name="key" value={randomUUID()} />
        <input type="hidden" name="query" value={queryText(filters)} />
        <Field {...field}>
          <input {...inputOf(field)} maxlength={LIMITS.viewName} required />
        </Field>
        <button type="submit">Save</button>
      </PostForm>
    </details>
  );
};

const Forget: FC<{ views: readonly OrderListView[]; filters: Filters; token: string }> = ({
  views,
  filters,
  token,
}) => (
  <details>
    <summary>Delete a view</summary>
    {views.map(({ id, name }) => (
      <PostForm token={token} action="/app/orders">
        <input type="hidden" name="query" value={queryText(filters)} />
        <input type="hidden" name="view" value={String(id)} />
        <button type="submit" class="plain" name="do" value="forget">
          Delete {name}
        </button>
      </PostForm>
    ))}
  </details>
);

interface SavedViewsProps {
  readonly views: readonly OrderListView[];
  readonly filters: Filters;
  readonly token: string;
  readonly canChange: boolean;
}

/** The saved views as links, and forms to save the filters that are used now and to delete a view. */
export const SavedViews: FC<SavedViewsProps> = ({ views, filters, token, canChange }) => {
  const now = queryText(filters);
  return (
    <>
      {views.length === 0 ? (
        ''
      ) : (
        <nav class="actions" aria-label="Views">
          {views.map((view) => (
            <a
              class="button plain"
              href={addressOf(view)}
              {...(addressOf(view) === `/app/orders?${now}` ? { 'aria-current': 'page' as const } : {})}
            >
              {view.name}
            </a>
          ))}
        </nav>
      )}
      {now === '' || !canChange ? '' : <Save filters={filters} token={token} />}
      {views.length === 0 || !canChange ? '' : <Forget views={views} filters={filters} token={token} />}
    </>
  );
};
