/** Text with one character per byte (see reply.ts), of bytes and back. */

export function toBinaryString(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
