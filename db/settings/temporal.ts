import { z } from 'zod';
import { readFileText, WrongEnvironment } from './environment.ts';
import { certificate, pemsOf, privateKey, wrongPair } from './pem.ts';
import { flag, optionally, secret, setting, valueOrFile } from './setting.ts';

/** Where Temporal is, and how a process proves itself to it. */
export const temporalSettings = {
  TEMPORAL_ADDRESS: setting(
    z.string().min(1).default('127.0.0.1:7233'),
    'host:port',
    'a Temporal server or cluster; for Temporal Cloud the endpoint of the namespace',
  ),
  TEMPORAL_NAMESPACE: setting(
    z.string().min(1).default('default'),
    'text',
    'namespace; in Temporal Cloud with its account, `panel.a1b2c`',
  ),
  TEMPORAL_TLS: setting(
    optionally(flag),
    'true or false',
    'TLS to Temporal; on without this setting when one of the next is set',
  ),
  ...valueOrFile(
    'TEMPORAL_TLS_CA',
    setting(
      optionally(certificate),
      'PEM',
      'trusts a server with a certificate of this authority; without it, one of the public authorities',
    ),
  ),
  TEMPORAL_TLS_SERVER_NAME: setting(
    optionally(z.string().regex(/^[\w.-]{1,253}$/, 'must be a host name')),
    'host',
    'the name in the server’s certificate, when it is not the host of `TEMPORAL_ADDRESS`',
  ),
  ...valueOrFile(
    'TEMPORAL_TLS_CERT',
    setting(optionally(certificate), 'PEM', 'client certificate; goes with `TEMPORAL_TLS_KEY`'),
  ),
  ...valueOrFile('TEMPORAL_TLS_KEY', setting(optionally(privateKey), 'PEM', 'key of the client certificate', secret)),
  ...valueOrFile(
    'TEMPORAL_API_KEY',
    setting(
      optionally(z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')),
      'text',
      'API key, as Temporal Cloud gives one',
      secret,
    ),
  ),
};

/** The environment of a command that needs Temporal alone. */
export const temporalEnvironment = z.object(temporalSettings);
export type TemporalSettings = z.output<typeof temporalEnvironment>;

/** A connection to Temporal, in the words of Temporal's SDK, for its client and its worker. */
export interface TemporalConnection {
  readonly address: string;
  readonly tls?: {
    readonly serverNameOverride?: string;
    readonly serverRootCACertificate?: Uint8Array;
    readonly clientCertPair?: { readonly crt: Uint8Array; readonly key: Uint8Array };
  };
  /** The API key as it is now. */
  readonly apiKey?: () => string;
}

/**
 * The connection that the settings describe.
 * @throws WrongEnvironment when they contradict each other.
 */
export function temporalConnection(settings: TemporalSettings): TemporalConnection {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_TLS: wanted, TEMPORAL_TLS_SERVER_NAME: name } = settings;
  const pems = pemsOf('TEMPORAL_TLS', settings);
  const pair = wrongPair('TEMPORAL_TLS', pems);
  if (pair !== undefined) throw new WrongEnvironment([pair]);
  const apiKey = currentApiKey(settings);
  const needsTls = [name, pems.ca, pems.cert, apiKey].some((one) => one !== undefined);
  // Without TLS the key would cross the network in plain text.
  if (wanted === false && needsTls)
    throw new WrongEnvironment(['TEMPORAL_TLS: is false, but another TEMPORAL_TLS_… or TEMPORAL_API_KEY needs TLS']);
  if (wanted !== true && !needsTls) return { address };
  const bytes = (text: string): Uint8Array => Buffer.from(text);
  return {
    address,
    tls: {
      ...(name === undefined ? {} : { serverNameOverride: name }),
      ...(pems.ca === undefined ? {} : { serverRootCACertificate: bytes(pems.ca) }),
      ...(pems.cert === undefined || pems.key === undefined
        ? {}
        : { clientCertPair: { crt: bytes(pems.cert), key: bytes(pems.key) } }),
    },
    ...(apiKey === undefined ? {} : { apiKey }),
  };
}

/** Reads the API key from its file again each time. A file that is missing while it is replaced leaves the last key. */
function currentApiKey({ TEMPORAL_API_KEY: first, TEMPORAL_API_KEY_FILE: path }: TemporalSettings) {
  if (first === undefined) return undefined;
  let key = first;
  return (): string => {
    if (path === undefined) return key;
    try {
      key = temporalSettings.TEMPORAL_API_KEY.parse(readFileText(path)) ?? key;
    } catch {
      // The key in use stays.
    }
    return key;
  };
}
