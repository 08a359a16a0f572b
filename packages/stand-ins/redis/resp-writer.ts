import { CommandError, Status, type Reply } from './reply';

/**
 * Encodes a reply in RESP2, as a binary string: https://redis.io/docs/latest/develop/reference/protocol-spec/.
 */
export function encodeReply(reply: Reply): string {
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === null) return '$-1\r\n';
  if (reply instanceof Status) return `+${oneLine(reply.text)}\r\n`;
  if (reply instanceof CommandError) return `-${oneLine(reply.message)}\r\n`;
  let text = `*${reply.length}\r\n`;
  for (const element of reply) text += encodeReply(element);
  return text;
}

/** Simple strings and errors end at the first line break, so one inside would break the stream. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
