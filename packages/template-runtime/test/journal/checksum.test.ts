import { crc32 } from 'node:zlib';
import { checksumOf, isChecksumAt } from '../../journal/checksum';

describe('a checksum', () => {
  it.each([0, 1, 255, 256, 257, 5000])('of %i bytes is the CRC-32, in eight digits', (length) => {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 7919) & 0x7f));
    const expected = crc32(bytes).toString(16).padStart(8, '0');
    const line = Buffer.concat([Buffer.from(expected), bytes]);

    expect(checksumOf(bytes.toString())).toBe(expected);
    expect(isChecksumAt(0, line, 8, line.length)).toBe(true);
  });

  it('is that of no other bytes, and of no other digits', () => {
    const line = Buffer.from(`${checksumOf('votes')}votes`);

    for (let bit = 0; bit < line.length * 8; bit += 1) {
      const damaged = Buffer.from(line);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(isChecksumAt(0, damaged, 8, damaged.length)).toBe(false);
    }
  });
});
