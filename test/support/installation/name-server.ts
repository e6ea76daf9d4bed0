import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Answers questions for IPv4 addresses over UDP, as the name server inside Docker's networks does. */
export interface NameServer {
  readonly port: number;
  close(): Promise<void>;
}

const HEADER_BYTES = 12;
/** Type A and class IN, after the name. */
const QUESTION_END_BYTES = 4;
const TTL_SECONDS = 1;

/** A server that knows these names and no others. */
export async function nameServer(names: Readonly<Record<string, readonly string[]>>): Promise<NameServer> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(answer(query, names), from.port, from.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** The answer to a query with one question, in the form of RFC 1035. */
function answer(query: Buffer, names: Readonly<Record<string, readonly string[]>>): Buffer {
  const { name, end } = nameIn(query);
  const addresses = query.readUInt16BE(end) === 1 ? names[name] : [];
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  // An answer of this server; code 3: there is no such name.
  header.writeUInt16BE(addresses === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses?.length ?? 0, 6);
  const records = (addresses ?? []).map((address) => {
    const record = Buffer.alloc(16);
    // The name is that of the question.
    record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
    record.writeUInt16BE(1, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(TTL_SECONDS, 6);
    record.writeUInt16BE(4, 10);
    Buffer.from(address.split('.').map(Number)).copy(record, 12);
    return record;
  });
  return Buffer.concat([header, query.subarray(HEADER_BYTES, end + QUESTION_END_BYTES), ...records]);
}

function nameIn(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}
