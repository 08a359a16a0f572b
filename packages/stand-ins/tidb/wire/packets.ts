/** The longest payload of one packet; a longer one goes on in the next (MySQL, "MySQL Packets"). */
const MAX_PAYLOAD = 0xffffff;

/** Cuts a stream of bytes into packets: three bytes of length, one of sequence, the payload. */
export class PacketSplitter {
  private rest: Buffer = Buffer.alloc(0);
  private long: Buffer[] = [];

  /** @param onPacket gets each payload, joined if it came in several packets, and the last one's sequence number */
  constructor(private readonly onPacket: (payload: Buffer, sequence: number) => void) {}

  push(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= 4) {
      const end = 4 + this.rest.readUIntLE(0, 3);
      if (this.rest.length < end) break;
      const [payload, sequence] = [this.rest.subarray(4, end), this.rest.readUInt8(3)];
      this.rest = this.rest.subarray(end);
      this.long.push(payload);
      if (payload.length === MAX_PAYLOAD) continue;
      this.onPacket(this.long.length > 1 ? Buffer.concat(this.long) : payload, sequence);
      this.long = [];
    }
  }
}

/** Writes the packets of one answer into one buffer, so that it leaves in one piece. */
export class PacketWriter {
  private buffer = Buffer.allocUnsafe(512);
  private length = 0;
  private packetStart = 0;
  private sequence: number;

  /** @param first the number of the first packet: one more than the request's */
  constructor(private readonly first: number) {
    this.sequence = first;
  }

  /** Takes back all packets, of an answer that can't be finished. */
  clear(): this {
    this.length = 0;
    this.sequence = this.first;
    return this;
  }

  beginPacket(): this {
    this.packetStart = this.length;
    return this.int(0, 4);
  }

  /** @throws RangeError for a packet that would have to be split: 16 MiB */
  endPacket(): this {
    const payload = this.length - this.packetStart - 4;
    if (payload >= MAX_PAYLOAD) throw new RangeError('a packet of 16 MiB or more');
    this.buffer.writeUIntLE(payload, this.packetStart, 3);
    this.buffer.writeUInt8(this.sequence++ & 0xff, this.packetStart + 3);
    return this;
  }

  /** A whole number without a sign. */
  int(value: number, bytes: 1 | 2 | 3 | 4): this {
    this.reserve(bytes);
    this.length = this.buffer.writeUIntLE(value, this.length, bytes);
    return this;
  }

  int64(value: bigint): this {
    this.reserve(8);
    this.length = this.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.length);
    return this;
  }

  /** A length-encoded integer. */
  count(value: number | bigint): this {
    if (value < 251) return this.int(Number(value), 1);
    if (value < 0x10000) return this.int(0xfc, 1).int(Number(value), 2);
    if (value < 0x1000000) return this.int(0xfd, 1).int(Number(value), 3);
    return this.int(0xfe, 1).int64(BigInt(value));
  }

  bytes(value: Uint8Array): this {
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  /** A text without its length. */
  plainText(value: string): this {
    this.reserve(Buffer.byteLength(value));
    this.length += this.buffer.write(value, this.length);
    return this;
  }

  /** Texts, each with its length before it. */
  texts(...values: readonly string[]): this {
    for (const value of values) this.count(Buffer.byteLength(value)).plainText(value);
    return this;
  }

  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + count));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** Reads the fields of one payload. @throws RangeError when it ends too early */
export class PayloadReader {
  private at = 0;

  constructor(private readonly payload: Buffer) {}

  int(bytes: 1 | 2 | 3 | 4): number {
    return this.bytes(bytes).readUIntLE(0, bytes);
  }

  /** A length-encoded integer. */
  count(): number {
    const first = this.int(1);
    if (first < 0xfb) return first;
    return first === 0xfc ? this.int(2) : first === 0xfd ? this.int(3) : Number(this.bytes(8).readBigUInt64LE());
  }

  bytes(length: number): Buffer {
    if (this.at + length > this.payload.length) throw new RangeError('the packet ends too early');
    this.at += length;
    return this.payload.subarray(this.at - length, this.at);
  }

  /** A text up to a zero byte, or to the end. */
  terminatedText(): string {
    const end = this.payload.indexOf(0, this.at);
    const text = this.bytes((end < 0 ? this.payload.length : end) - this.at).toString();
    this.at += 1;
    return text;
  }
}
