import { once } from 'node:events';
import { connect } from 'node:tls';

/** The certificate of an address, and whether this machine trusts it. */
export interface CertificateReading {
  /** Milliseconds since 1970. */
  readonly validTo: number;
  /** Why this machine does not trust it; undefined when it does. */
  readonly distrust: string | undefined;
}

/** Reads the certificate of an https address, also one that cannot be trusted. Nothing but the handshake is sent. */
export async function readCertificate({ hostname, port }: URL): Promise<CertificateReading> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const socket = connect({ host, port: Number(port || 443), ...servername, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    const { valid_to } = socket.getPeerCertificate();
    const { authorizationError } = socket;
    const why = authorizationError instanceof Error ? authorizationError.message : authorizationError;
    return { validTo: Date.parse(valid_to), distrust: socket.authorized ? undefined : String(why) };
  } finally {
    socket.destroy();
  }
}
