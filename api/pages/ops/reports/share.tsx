import type { FC } from 'hono/jsx';
import { share } from '../../view/formats.ts';

/** A share from 0 to 1 as a bar beside its number; nothing when there is none. */
export const Share: FC<{ of: number | null; label: string }> = ({ of, label }) =>
  of === null ? (
    <span class="quiet">–</span>
  ) : (
    <span class="progress">
      <progress max={1000} value={Math.round(of * 1000)} aria-label={label} />
      <span class="number">{share(of)}</span>
    </span>
  );
