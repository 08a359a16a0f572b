import fc from 'fast-check';
import { RequestReader } from '../../redis/resp-reader';

const binary = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const requests = fc.array(fc.array(binary, { minLength: 1, maxLength: 5 }), { maxLength: 5 });

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

describe('the reader of requests', () => {
  it('finds the same requests however the bytes are cut', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 20 });

    fc.assert(
      fc.property(requests, cuts, (sent, positions) => {
        const bytes = Buffer.from(sent.map(encode).join(''), 'latin1');
        const edges = [0, ...positions.map((position) => position % (bytes.length + 1)), bytes.length];
        edges.sort((a, b) => a - b);
        const reader = new RequestReader();
        const received: string[][] = [];

        for (let index = 1; index < edges.length; index += 1) {
          reader.push(bytes.subarray(edges[index - 1], edges[index]));
          for (let words = reader.next(); words !== undefined; words = reader.next()) received.push(words);
        }

        expect(received).toEqual(sent);
      }),
    );
  });

  it('skips empty requests', () => {
    const reader = new RequestReader();
    reader.push(Buffer.from('\r\n*0\r\n*-1\r\nPING\r\n'));

    const words = reader.next();

    expect(words).toEqual(['PING']);
    expect(reader.next()).toBeUndefined();
  });

  it('refuses more arguments than it can hand on', () => {
    const reader = new RequestReader();
    reader.push(Buffer.from('*100000\r\n'));

    expect(() => reader.next()).toThrow('ERR Protocol error: invalid multibulk length');
  });
});
