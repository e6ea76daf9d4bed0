import { createRounds } from '../../activities/delivery/rounds.ts';
import type { Deps } from '../../activities/runtime/deps.ts';

/**
 * One watch round for every watched provider that has something of ours. Rounds for the other providers would cost time and find
 * nothing.
 */
export function seededWatch(deps: Deps, watched: ReadonlySet<number>): () => Promise<void> {
  const round = createRounds(deps);
  return async () => {
    const busy = await deps.sql<{ id: number }[]>`
      select id from providers p where id = any(${[...watched]})
        and (exists (select from batches where provider_id = p.id and (state = 'running' or next_look_at <= clock_timestamp()))
          or exists (select from attempts where provider_id = p.id and (state in ('unknown', 'released') or evidence is not null))
          or exists (select from late_orders where provider_id = p.id and booked_at is null)
          or exists (select from refills where ended_at is null))
        order by id`;
    for (const { id } of busy) {
      const { beside } = await round(id);
      await beside;
    }
  };
}
