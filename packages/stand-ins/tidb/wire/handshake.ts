import { randomBytes } from 'node:crypto';
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
const UTF8MB4_BIN = 46;

/** The first packet: who the server is and what it can (MySQL, "Protocol::HandshakeV10"). */
export function greeting(connectionId: number): Buffer {
  // zero bytes would end the text
  const scramble = randomBytes(20).map((byte) => (byte % 127) + 1);
  return new PacketWriter(0)
    .beginPacket()
    .int(10, 1)
    .terminatedText(VERSION)
    .int(connectionId, 4)
    .bytes(scramble.subarray(0, 8))
    .int(0, 1)
    .int(SERVER_CAPABILITIES & 0xffff, 2)
    .int(UTF8MB4_BIN, 1)
    .int(0x0002, 2)
    .int(SERVER_CAPABILITIES >>> 16, 2)
    .int(21, 1)
    .bytes(new Uint8Array(10))
    .bytes(scramble.subarray(8))
    .int(0, 1)
    .terminatedText('mysql_native_password')
    .endPacket()
    .finish();
}

export interface Login {
  readonly user: string;
  readonly database: string | undefined;
  readonly collationId: number;
  readonly foundRows: boolean;
}

/** Reads the client's answer to the greeting (MySQL, "Protocol::HandshakeResponse41"). @throws RangeError for a broken one */
export function readLogin(payload: Buffer): Login {
  const reader = new PayloadReader(payload);
  const flags = reader.int(4) & SERVER_CAPABILITIES;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  reader.bytes(4); // the longest packet
  const collationId = reader.int(1);
  reader.bytes(23);
  const user = reader.terminatedText();
  reader.bytes(has(CAPABILITY.lengthEncodedAuth) ? reader.count() : reader.int(1)); // any password will do
  const database = has(CAPABILITY.connectWithDatabase) ? reader.terminatedText() : '';
  return { user, database: database || undefined, collationId, foundRows: has(CAPABILITY.foundRows) };
}
