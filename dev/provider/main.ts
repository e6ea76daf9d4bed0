import { loadProviderConfig } from './config.ts';
import { startProvider } from './provider.ts';

/** The simulated provider as its own process: `node --import tsx dev/provider/main.ts`. */
const config = loadProviderConfig();
const provider = await startProvider({
  port: config.PROVIDER_PORT,
  key: config.PROVIDER_KEY,
  dataDir: config.PROVIDER_DATA_DIR,
  ...(config.PROVIDER_SEED === undefined ? {} : { seed: config.PROVIDER_SEED }),
  ...(config.PROVIDER_SPEED === undefined ? {} : { settings: { speed: config.PROVIDER_SPEED } }),
});
process.stdout.write(`provider listens at ${provider.apiUrl}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // `once`: a second signal ends the process at once, by Node's default.
  process.once(signal, () => provider.stop());
}
