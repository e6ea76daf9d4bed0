/** Codes of Node for a certificate that is not the receiver's, not trusted or out of date, and for a broken handshake. */
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO$)/;

/** Whether TLS failed, by the code of a Node error. */
export const isTlsError = (code: string): boolean => TLS.test(code);
