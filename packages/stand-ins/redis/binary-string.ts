/** Text with one character per byte (see reply.ts), of bytes and back. */

/** Below it, a loop is several times as fast as a Buffer. */
const SHORT = 12;

export function toBinaryString(bytes: Uint8Array): string {
  if (bytes.length > SHORT) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function toBytes(text: string): Uint8Array {
  if (text.length > 4 * SHORT) return Buffer.from(text, 'latin1');
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
