import { formatDouble } from './numbers';
import { CommandError, DoubleReply, MapReply, NullArray, Status, VerbatimReply, type Reply } from './reply';

/** The version of the protocol that a client has chosen by HELLO. */
export type Protocol = 2 | 3;

/**
 * Encodes a reply as a binary string, by the specification at https://redis.io/docs/latest/develop/reference/protocol-spec/.
 */
export function encodeReply(reply: Reply, protocol: Protocol): string {
  if (typeof reply === 'string') return bulk(reply);
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === null) return protocol === 3 ? '_\r\n' : '$-1\r\n';
  if (reply instanceof Status) return `+${oneLine(reply.text)}\r\n`;
  if (reply instanceof CommandError) return `-${oneLine(reply.message)}\r\n`;
  if (reply instanceof DoubleReply) {
    const text = formatDouble(reply.value);
    return protocol === 3 ? `,${text}\r\n` : bulk(text);
  }
  if (reply instanceof MapReply) {
    const { entries } = reply;
    let text = protocol === 3 ? `%${entries.length}\r\n` : `*${entries.length * 2}\r\n`;
    for (const [key, value] of entries) text += encodeReply(key, protocol) + encodeReply(value, protocol);
    return text;
  }
  if (reply instanceof VerbatimReply) {
    return protocol === 3 ? `=${reply.text.length + 4}\r\ntxt:${reply.text}\r\n` : bulk(reply.text);
  }
  if (reply instanceof NullArray) return protocol === 3 ? '_\r\n' : '*-1\r\n';
  let text = `*${reply.length}\r\n`;
  for (const element of reply) text += encodeReply(element, protocol);
  return text;
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

/** Simple strings and errors end at the first line break, so one inside would break the stream. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
