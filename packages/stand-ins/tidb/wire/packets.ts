/** The longest payload of one packet; a longer one goes on in the next (MySQL, "MySQL Packets"). */
const MAX_PAYLOAD = 0xffffff;

/** Cuts a stream of bytes into packets: three bytes of length, one of sequence, the payload. */
export class PacketSplitter {
  private rest: Buffer = Buffer.alloc(0);
  private long: Buffer[] = [];

  /** @param onPacket gets each payload, joined if it came in several packets, and the last one's sequence number */
  constructor(private readonly onPacket: (payload: Buffer, sequence: number) => void) {}

  push(chunk: Buffer): void {
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (bytes.length >= 4) {
      const length = bytes.readUIntLE(0, 3);
      if (bytes.length < 4 + length) break;
      const payload = bytes.subarray(4, 4 + length);
      const sequence = bytes.readUInt8(3);
      bytes = bytes.subarray(4 + length);
      if (length === MAX_PAYLOAD) {
        this.long.push(payload);
      } else if (this.long.length > 0) {
        const whole = Buffer.concat([...this.long, payload]);
        this.long = [];
        this.onPacket(whole, sequence);
      } else {
        this.onPacket(payload, sequence);
      }
    }
    this.rest = bytes;
  }
}

/** Writes the packets of one answer into one buffer, so that it leaves in one piece. */
export class PacketWriter {
  private buffer = Buffer.allocUnsafe(512);
  private length = 0;
  private packetStart = 0;

  /** @param sequence the number of the first packet: one more than the request's */
  constructor(private sequence: number) {}

  beginPacket(): this {
    this.packetStart = this.length;
    this.reserve(4);
    this.length += 4;
    return this;
  }

  endPacket(): this {
    const payload = this.length - this.packetStart - 4;
    if (payload >= MAX_PAYLOAD) {
      this.splitLongPacket(payload);
      return this;
    }
    this.buffer.writeUIntLE(payload, this.packetStart, 3);
    this.buffer.writeUInt8(this.sequence & 0xff, this.packetStart + 3);
    this.sequence += 1;
    return this;
  }

  private splitLongPacket(length: number): void {
    const payload = Buffer.from(this.buffer.subarray(this.packetStart + 4, this.packetStart + 4 + length));
    this.length = this.packetStart;
    for (let at = 0; at <= length; at += MAX_PAYLOAD) {
      const part = payload.subarray(at, at + MAX_PAYLOAD);
      this.int24(part.length)
        .int8(this.sequence & 0xff)
        .bytes(part);
      this.sequence += 1;
    }
  }

  int8(value: number): this {
    this.reserve(1);
    this.length = this.buffer.writeUInt8(value, this.length);
    return this;
  }

  int16(value: number): this {
    this.reserve(2);
    this.length = this.buffer.writeUInt16LE(value, this.length);
    return this;
  }

  int24(value: number): this {
    this.reserve(3);
    this.length = this.buffer.writeUIntLE(value, this.length, 3);
    return this;
  }

  int32(value: number): this {
    this.reserve(4);
    this.length = this.buffer.writeUInt32LE(value >>> 0, this.length);
    return this;
  }

  int64(value: bigint): this {
    this.reserve(8);
    this.length = this.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.length);
    return this;
  }

  double(value: number): this {
    this.reserve(8);
    this.length = this.buffer.writeDoubleLE(value, this.length);
    return this;
  }

  /** A length-encoded integer. */
  count(value: number | bigint): this {
    if (value < 251) return this.int8(Number(value));
    if (value < 0x10000) return this.int8(0xfc).int16(Number(value));
    if (value < 0x1000000) return this.int8(0xfd).int24(Number(value));
    return this.int8(0xfe).int64(BigInt(value));
  }

  bytes(value: Buffer): this {
    this.reserve(value.length);
    this.length += value.copy(this.buffer, this.length);
    return this;
  }

  /** A string with its length before it. */
  text(value: string): this {
    const length = Buffer.byteLength(value);
    this.count(length).reserve(length);
    this.length += this.buffer.write(value, this.length);
    return this;
  }

  zeros(count: number): this {
    this.reserve(count);
    this.buffer.fill(0, this.length, this.length + count);
    this.length += count;
    return this;
  }

  /** A string up to a zero byte. */
  terminatedText(value: string): this {
    return this.bytes(Buffer.from(value)).int8(0);
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
  constructor(
    private readonly payload: Buffer,
    private at = 0,
  ) {}

  get hasMore(): boolean {
    return this.at < this.payload.length;
  }

  int(bytes: 1 | 2 | 3 | 4): number {
    this.at += bytes;
    return this.payload.readUIntLE(this.at - bytes, bytes);
  }

  signedInt(bytes: 1 | 2 | 4): number {
    this.at += bytes;
    return this.payload.readIntLE(this.at - bytes, bytes);
  }

  int64(): bigint {
    this.at += 8;
    return this.payload.readBigUInt64LE(this.at - 8);
  }

  float(): number {
    this.at += 4;
    return this.payload.readFloatLE(this.at - 4);
  }

  double(): number {
    this.at += 8;
    return this.payload.readDoubleLE(this.at - 8);
  }

  count(): number {
    const first = this.int(1);
    if (first < 0xfb) return first;
    return first === 0xfc ? this.int(2) : first === 0xfd ? this.int(3) : Number(this.int64());
  }

  bytes(length: number): Buffer {
    if (this.at + length > this.payload.length) throw new RangeError('the packet ends too early');
    this.at += length;
    return this.payload.subarray(this.at - length, this.at);
  }

  countedBytes(): Buffer {
    return this.bytes(this.count());
  }

  terminatedText(): string {
    const end = this.payload.indexOf(0, this.at);
    const text = this.payload.toString('utf8', this.at, end < 0 ? this.payload.length : end);
    this.at = end < 0 ? this.payload.length : end + 1;
    return text;
  }

  restAsText(): string {
    const text = this.payload.toString('utf8', this.at);
    this.at = this.payload.length;
    return text;
  }

  skip(count: number): void {
    this.at += count;
  }
}
