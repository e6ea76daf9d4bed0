import { connect } from '../../../db/client.ts';
import { createDatabase } from '../../../dev/postgres/postgres.ts';
import type { Certificate } from './certificates.ts';
import { postgresOfOurOwn } from './engines.ts';

/** A PostgreSQL that talks TLS only, except to the test itself. */
export interface TlsPostgres {
  /** The url of a database that wants TLS; `host` is the name that the client checks. */
  url(host: string): string;
  /** The url of a database that wants a client certificate too. */
  mutualUrl(host: string): string;
  /** Shows this certificate from now on. */
  show(certificate: Certificate): Promise<void>;
  stop(): Promise<void>;
}

/** The test connects to `postgres` without TLS. A client of `tls` needs TLS, a client of `mutual` a certificate too. */
const RULES = [
  'hostnossl postgres all 127.0.0.1/32 scram-sha-256',
  'hostssl mutual all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca',
  'hostssl tls all 127.0.0.1/32 scram-sha-256',
].join('\n');

/** `clients`: the authority of client certificates, in PEM. */
export async function tlsPostgres(certificate: Certificate, clients: string): Promise<TlsPostgres> {
  const server = await postgresOfOurOwn();
  const sql = connect(server.value, { name: 'holdfast-test', max: 1 });
  // The server writes its own files: it may run as another user, and takes a key only from a file that is its own.
  const write = (file: string, text: string) =>
    sql.unsafe(`copy (select unnest(string_to_array('${text.trim()}', E'\\n'))) to program 'umask 077; cat > ${file}'`);
  const reload = async (): Promise<void> => {
    const [before] = await sql`select pg_conf_load_time()::text as at`;
    await sql`select pg_reload_conf()`;
    for (;;) {
      const [now] = await sql`select pg_conf_load_time()::text as at`;
      if (now?.at !== before?.at) return;
    }
  };
  const show = async ({ cert, key }: Certificate): Promise<void> => {
    await write('server.crt', cert.replaceAll('\r', ''));
    await write('server.key', key.replaceAll('\r', ''));
    await reload();
  };
  const at = (database: string) => (host: string) => {
    const url = new URL(server.value);
    url.hostname = host;
    url.pathname = `/${database}`;
    return url.href;
  };

  await createDatabase(server.value, 'tls');
  await createDatabase(server.value, 'mutual');
  await write('clients.crt', clients.replaceAll('\r', ''));
  await write('pg_hba.conf', RULES);
  await sql`alter system set ssl_ca_file = 'clients.crt'`;
  await sql`alter system set ssl = on`;
  await show(certificate);
  return {
    url: at('tls'),
    mutualUrl: at('mutual'),
    show,
    stop: async () => {
      await sql.end();
      await server.stop();
    },
  };
}
