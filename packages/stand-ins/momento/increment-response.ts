/**
 * Encodes `_IncrementResponse { int64 value = 1; }`.
 *
 * The generated types hold the value as a number, which rounds above 2^53; the wire format holds 64 bits (protobuf.dev,
 * "Encoding": a varint of the two's complement, seven bits a byte, lowest first).
 */
export function encodeIncrementResponse(value: bigint): Buffer {
  const bytes = [0x08]; // field 1, wire type varint
  let rest = BigInt.asUintN(64, value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
