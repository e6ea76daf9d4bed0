import type { Deps } from '../deps.ts';

/** State that all requests of one app share, made at the first of them. Two apps in one process share nothing. */
export function perApp<T>(make: (deps: Deps) => T): (deps: Deps) => T {
  const states = new WeakMap<Deps, T>();
  return (deps) => {
    const state = states.get(deps) ?? make(deps);
    states.set(deps, state);
    return state;
  };
}
