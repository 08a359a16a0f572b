import { type Document, readDocument, writeDocument } from '../values/document';

/** Opcodes: mongodb.com, "MongoDB Wire Protocol". OP_QUERY only opens connections since MongoDB 5.1. */
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const HEADER_BYTES = 16;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Bits 0 to 15 must be understood. */
const REQUIRED_FLAGS = 0xffff;
const MAX_MESSAGE_BYTES = 48_000_000;

/** A command as it came over the wire. */
export interface Request {
  readonly requestId: number;
  /** The command's fields, its name first. */
  readonly body: Document;
  /** Whether the client wants no answer: a write without acknowledgement. */
  readonly silent: boolean;
  /** Whether it came as OP_QUERY, and is answered by OP_REPLY. */
  readonly legacy: boolean;
}

/** The bytes aren't a message that can be answered: the connection ends, as MongoDB ends it. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/**
 * Length of the message at the front of a buffer.
 *
 * @returns undefined while too few bytes have come to tell
 * @throws ProtocolError when it can't be one
 */
export function messageLength(buffer: Buffer): number | undefined {
  if (buffer.length < 4) return undefined;
  const length = buffer.readInt32LE(0);
  if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) throw new ProtocolError(`message of ${length} bytes`);
  return length;
}

/** @throws ProtocolError for an opcode, a flag or a section that isn't known */
export function readRequest(message: Buffer): Request {
  const requestId = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === OP_MSG) return readOpMsg(requestId, message);
  if (opcode === OP_QUERY) return readOpQuery(requestId, message);
  throw new ProtocolError(`opcode ${opcode} is not supported`);
}

export function writeReply({ requestId, legacy }: Request, reply: Document): Buffer {
  const document = writeDocument(reply);
  return legacy ? writeOpReply(requestId, document) : writeOpMsg(requestId, document);
}

/** Flags, then sections: one document, and sequences of documents that are fields of it. */
function readOpMsg(requestId: number, message: Buffer): Request {
  const flags = message.readUInt32LE(HEADER_BYTES);
  if ((flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0) {
    throw new ProtocolError(`OP_MSG flags ${flags} are not supported`);
  }
  const end = message.length - ((flags & CHECKSUM_PRESENT) !== 0 ? 4 : 0);
  let body: Document | undefined;
  const sequences: [field: string, documents: Document[]][] = [];
  for (let offset = HEADER_BYTES + 4; offset < end;) {
    const kind = message[offset];
    const section = sized(message, offset + 1, end);
    if (kind === 0 && body === undefined) body = readDocument(section);
    else if (kind === 1) sequences.push(readSequence(section));
    else throw new ProtocolError(`OP_MSG section of kind ${kind} is not supported`);
    offset += 1 + section.length;
  }
  if (body === undefined) throw new ProtocolError('OP_MSG without a body');
  for (const [field, documents] of sequences) body[field] = documents;
  return { requestId, body, silent: (flags & MORE_TO_COME) !== 0, legacy: false };
}

function readSequence(section: Buffer): [field: string, documents: Document[]] {
  const nameEnd = section.indexOf(0, 4);
  const documents: Document[] = [];
  for (let offset = nameEnd + 1; offset < section.length;) {
    const bytes = sized(section, offset, section.length);
    documents.push(readDocument(bytes));
    offset += bytes.length;
  }
  return [section.toString('utf8', 4, nameEnd), documents];
}

/** Flags, a collection's name, two numbers, then the command; the database is in the name. */
function readOpQuery(requestId: number, message: Buffer): Request {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  const namespace = message.toString('utf8', HEADER_BYTES + 4, nameEnd);
  if (!namespace.endsWith('.$cmd')) throw new ProtocolError(`OP_QUERY on ${namespace} is not supported`);
  const body = readDocument(sized(message, nameEnd + 1 + 8, message.length));
  return { requestId, body: { ...body, $db: namespace.slice(0, -'.$cmd'.length) }, silent: false, legacy: true };
}

/** The bytes from an offset on that begin with their own length. */
function sized(buffer: Buffer, offset: number, end: number): Buffer {
  const length = offset + 4 <= end ? buffer.readInt32LE(offset) : 0;
  if (length < 5 || offset + length > end) throw new ProtocolError(`section of ${length} bytes`);
  return buffer.subarray(offset, offset + length);
}

function writeOpMsg(responseTo: number, document: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(HEADER_BYTES + 5 + document.length);
  writeHeader(message, responseTo, OP_MSG);
  message.writeUInt32LE(0, HEADER_BYTES);
  message[HEADER_BYTES + 4] = 0;
  message.set(document, HEADER_BYTES + 5);
  return message;
}

/** Flags (bit 3: awaits are understood), no cursor, from 0, one document. */
function writeOpReply(responseTo: number, document: Uint8Array): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + 20 + document.length);
  writeHeader(message, responseTo, OP_REPLY);
  message.writeInt32LE(8, HEADER_BYTES);
  message.writeInt32LE(1, HEADER_BYTES + 16);
  message.set(document, HEADER_BYTES + 20);
  return message;
}

function writeHeader(message: Buffer, responseTo: number, opcode: number): void {
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(0, 4); // a request id of the server's own, which nobody answers
  message.writeInt32LE(responseTo, 8);
  message.writeInt32LE(opcode, 12);
}
