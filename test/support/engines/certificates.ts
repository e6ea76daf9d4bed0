import { generate } from 'selfsigned';

/** A certificate and its private key in PEM, as Node's TLS servers take them. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority. A client that trusts `cert` trusts every certificate it issues. */
export interface Authority {
  readonly cert: string;
  /** Issues a certificate for a host name or an IPv4 address; a client can show it too. `days`: its validity, relative to today. */
  issue(host: string, days?: { readonly from: number; readonly to: number }): Promise<Certificate>;
}

const DAY = 86_400_000;
const day = (number: number): Date => new Date(Date.now() + number * DAY);

/** Makes an authority for one test. */
export async function newAuthority(name: string): Promise<Authority> {
  const common = { keyType: 'ec', algorithm: 'sha256' } as const;
  const root = await generate([{ name: 'commonName', value: name }], {
    ...common,
    notBeforeDate: day(-30),
    notAfterDate: day(1),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return {
    cert: root.cert,
    issue: async (host, { from, to } = { from: -1, to: 1 }) => {
      const isAddress = /^[\d.]+$/.test(host);
      const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
        ...common,
        notBeforeDate: day(from),
        notAfterDate: day(to),
        ca: { cert: root.cert, key: root.private },
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          { name: 'subjectAltName', altNames: [isAddress ? { type: 7, ip: host } : { type: 2, value: host }] },
        ],
      });
      return { cert, key };
    },
  };
}
