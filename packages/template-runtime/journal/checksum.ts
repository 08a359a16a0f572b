import { crc32 } from 'node:zlib';

/** Digits of a checksum. */
export const CHECKSUM_DIGITS = 8;

/** Above so many bytes Node's own is the faster one: below, a call out of JavaScript takes longer than the bytes do. */
const SHORT = 256;

/** For each byte, what eight steps of the reversed polynomial make of it. Source: https://www.w3.org/TR/png/#D-CRCAppendix */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** The CRC-32 of a text in UTF-8, in hexadecimal digits. */
export function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(CHECKSUM_DIGITS, '0');
}

/** Whether the digits at a place are the checksum of the bytes from `start` on to `end`. */
export function isChecksumAt(place: number, bytes: Buffer, start: number, end: number): boolean {
  const sum = end - start > SHORT ? crc32(bytes.subarray(start, end)) : shortCrc32(bytes, start, end);
  for (let digit = 0; digit < CHECKSUM_DIGITS; digit += 1) {
    const value = (sum >>> (4 * (CHECKSUM_DIGITS - 1 - digit))) & 0xf;
    if (bytes[place + digit] !== value + (value < 10 ? 0x30 : 0x57)) return false; // '0', and ten before 'a'
  }
  return true;
}

function shortCrc32(bytes: Buffer, start: number, end: number): number {
  let sum = -1;
  for (let at = start; at < end; at += 1) sum = (TABLE[(sum ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}
