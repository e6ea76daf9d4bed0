import { check } from '../check.ts';
import type { CertificateReading } from '../engines/certificate.ts';
import { type Finding, ok, skipped, unknown, wrong } from '../finding.ts';
import type { Installation } from '../installation.ts';

/** Let's Encrypt renews a month before the end, so a certificate this near its end was not renewed. */
const NEAR_DAYS = 14;
const DAY_MS = 86_400_000;

export interface AddressReading {
  readonly address: string;
  /** A text: why it could not be read. */
  readonly certificate: CertificateReading | string;
}

async function read({
  settings,
  certificate,
  now,
}: Installation): Promise<{ now: number; addresses: AddressReading[] }> {
  const { publicUrl, apiUrl } = settings;
  const urls = [publicUrl, apiUrl]
    .filter((url) => url !== undefined && URL.canParse(url))
    .map((url) => new URL(url ?? ''));
  const https = new Map(urls.filter(({ protocol }) => protocol === 'https:').map((url) => [url.host, url]));
  const addresses = [...https].map(async ([address, url]): Promise<AddressReading> => {
    const found = certificate(url).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    return { address, certificate: await found };
  });
  return { now: now(), addresses: await Promise.all(addresses) };
}

export function judgeCertificates({
  now,
  addresses,
}: {
  now: number;
  addresses: readonly AddressReading[];
}): Finding[] {
  if (addresses.length === 0)
    return [skipped('no address that is known here is https; PUBLIC_URL names that of the customers')];
  return addresses.map(({ address, certificate }) => {
    if (typeof certificate === 'string')
      return unknown(`the certificate of ${address} could not be read: ${certificate}`);
    const { validTo, distrust } = certificate;
    const days = Math.floor((validTo - now) / DAY_MS);
    const mend = `renew the certificate of ${address}, and reload its proxy`;
    if (validTo <= now) return wrong(`the certificate of ${address} has expired`, mend);
    if (distrust !== undefined)
      return wrong(`this machine does not trust the certificate of ${address}: ${distrust}`, mend);
    if (days < NEAR_DAYS) return wrong(`the certificate of ${address} ends in ${days} days`, mend);
    return ok(`the certificate of ${address} is valid for ${days} days`);
  });
}

export const certificates = check('certificates', read, judgeCertificates);
