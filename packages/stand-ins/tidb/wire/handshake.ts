import { randomBytes } from 'node:crypto';
import { BINARY, COLLATIONS } from '../column';
import type { SessionOptions } from '../session';
import { VERSION } from '../sql/functions';
import { PacketWriter, PayloadReader } from './packets';

/** Bits of the capability flags (MySQL, "Capabilities Flags"). */
const CAPABILITY = {
  longPassword: 1,
  foundRows: 1 << 1,
  longFlag: 1 << 2,
  connectWithDatabase: 1 << 3,
  protocol41: 1 << 9,
  transactions: 1 << 13,
  secureConnection: 1 << 15,
  multiResults: 1 << 17,
  preparedMultiResults: 1 << 18,
  pluginAuth: 1 << 19,
  connectAttributes: 1 << 20,
  lengthEncodedAuth: 1 << 21,
} as const;

const SERVER_CAPABILITIES = Object.values(CAPABILITY).reduce((all, flag) => all | flag, 0);

/** The first packet: who the server is and what it can (MySQL, "Protocol::HandshakeV10"). */
export function greeting(connectionId: number): Buffer {
  const scramble = randomBytes(20).map((byte) => (byte % 127) + 1); // zero bytes would end the text
  const writer = new PacketWriter(0).beginPacket().int(10, 1).plainText(`${VERSION}\0`).int(connectionId, 4);
  writer
    .bytes(scramble.subarray(0, 8))
    .int(0, 1)
    .int(SERVER_CAPABILITIES & 0xffff, 2)
    .int(COLLATIONS.get(BINARY) ?? 0, 1);
  writer
    .int(0x0002, 2)
    .int(SERVER_CAPABILITIES >>> 16, 2)
    .int(21, 1)
    .bytes(new Uint8Array(10));
  return writer.bytes(scramble.subarray(8)).plainText('\0mysql_native_password\0').endPacket().finish();
}

export interface Login extends SessionOptions {
  readonly user: string;
  readonly database: string | undefined;
}

/** Reads the client's answer to the greeting (MySQL, "Protocol::HandshakeResponse41"). @throws RangeError for a broken one */
export function readLogin(payload: Buffer): Login {
  const reader = new PayloadReader(payload);
  const flags = reader.int(4) & SERVER_CAPABILITIES;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  reader.bytes(4); // the longest packet
  const number = reader.int(1);
  const [collation] = [...COLLATIONS].find(([, known]) => known === number) ?? [BINARY];
  reader.bytes(23);
  const user = reader.terminatedText();
  reader.bytes(has(CAPABILITY.lengthEncodedAuth) ? reader.count() : reader.int(1)); // any password will do
  const database = has(CAPABILITY.connectWithDatabase) ? reader.terminatedText() : '';
  return { user, database: database || undefined, collation, foundRows: has(CAPABILITY.foundRows) };
}
