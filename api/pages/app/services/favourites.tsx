import type { FC } from 'hono/jsx';
import { readSmallId } from '../../../v1/ids.ts';
import { redirect, textOf, type Visit } from '../../page.ts';
import { oneOf } from '../../queries.ts';
import { V1Problem } from '../../v1.ts';
import { PostForm } from '../../view/parts.tsx';

/** The account's favourite services. */
export const readFavourites = async ({ v1 }: Visit): Promise<ReadonlySet<number>> =>
  new Set((await v1.GET('/v1/services/favourites')).data);

/** Favourites before all others, both in their own order. */
export const favouritesFirst = <T extends { readonly id: number }>(
  services: readonly T[],
  favourites: ReadonlySet<number>,
): T[] => [...services.filter(({ id }) => favourites.has(id)), ...services.filter(({ id }) => !favourites.has(id))];

/** The pages that list services with their stars. */
const PLACES = ['services', 'new'] as const;
export type StarPlace = (typeof PLACES)[number];

/** The star of a service: marks it, or takes the mark away, and shows the same list again. */
export const Star: FC<{
  service: { readonly id: number; readonly name: string };
  isFavourite: boolean;
  token: string;
  place: StarPlace;
  query: string;
}> = ({ service: { id, name }, isFavourite, token, place, query }) => (
  <PostForm token={token} action="/app/services" class="star">
    <input type="hidden" name="service" value={String(id)} />
    <input type="hidden" name="place" value={place} />
    <input type="hidden" name="q" value={query} />
    <button
      type="submit"
      name="do"
      value={isFavourite ? 'unstar' : 'star'}
      class={isFavourite ? 'plain is-on' : 'plain'}
      aria-label={isFavourite ? `${name} is a favourite: take it away` : `Make ${name} a favourite`}
    >
      {isFavourite ? '★' : '☆'}
    </button>
  </PostForm>
);

/** Carries out a star's form. */
export async function setStar(visit: Visit, form: FormData): Promise<Response> {
  const [place, query] = [oneOf(PLACES, textOf(form, 'place')) ?? 'services', textOf(form, 'q')];
  const back = `/app/${place}${query === '' ? '' : `?${new URLSearchParams({ q: query })}`}`;
  const params = { path: { id: readSmallId(textOf(form, 'service')) } };
  try {
    if (textOf(form, 'do') === 'unstar') await visit.v1.DELETE('/v1/services/{id}/favourite', { params });
    else await visit.v1.POST('/v1/services/{id}/favourite', { params });
    return redirect(visit, back);
  } catch (error) {
    if (!(error instanceof V1Problem) || error.status === 401) throw error;
    return redirect(visit, back, `${error.title}: ${error.detail}`, 'error');
  }
}
