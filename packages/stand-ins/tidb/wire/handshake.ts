import { randomBytes } from 'node:crypto';
import { VERSION } from '../session-state';
import { PacketWriter, PayloadReader } from './packets';

/** Bits of the capability flags (MySQL, "Capabilities Flags"). */
export const CAPABILITY = {
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
const PLUGIN = 'mysql_native_password';
const UTF8MB4_BIN = 46;

/** The first packet: who the server is and what it can (MySQL, "Protocol::HandshakeV10"). */
export function greeting(connectionId: number): Buffer {
  // zero bytes would end the text
  const scramble = Buffer.from(randomBytes(20).map((byte) => (byte % 127) + 1));
  return new PacketWriter(0)
    .beginPacket()
    .int8(10)
    .terminatedText(VERSION)
    .int32(connectionId)
    .bytes(scramble.subarray(0, 8))
    .int8(0)
    .int16(SERVER_CAPABILITIES & 0xffff)
    .int8(UTF8MB4_BIN)
    .int16(0x0002)
    .int16(SERVER_CAPABILITIES >>> 16)
    .int8(21)
    .zeros(10)
    .bytes(scramble.subarray(8))
    .int8(0)
    .terminatedText(PLUGIN)
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
  reader.skip(4); // the longest packet
  const collationId = reader.int(1);
  reader.skip(23);
  const user = reader.terminatedText();
  if ((flags & CAPABILITY.lengthEncodedAuth) !== 0) reader.countedBytes();
  else reader.bytes(reader.int(1));
  const named = (flags & CAPABILITY.connectWithDatabase) !== 0 && reader.hasMore ? reader.terminatedText() : '';
  return {
    user,
    database: named === '' ? undefined : named,
    collationId,
    foundRows: (flags & CAPABILITY.foundRows) !== 0,
  };
}

/** Reads COM_CHANGE_USER. @param payload without the command byte */
export function readChangeUser(payload: Buffer): Pick<Login, 'user' | 'database' | 'collationId'> {
  const reader = new PayloadReader(payload);
  const user = reader.terminatedText();
  reader.bytes(reader.int(1));
  const database = reader.terminatedText();
  const collationId = reader.hasMore ? reader.int(2) : UTF8MB4_BIN;
  return { user, database: database === '' ? undefined : database, collationId };
}
