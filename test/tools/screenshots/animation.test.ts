import { PNG } from 'pngjs';
import { animatedGif } from '../../../tools/screenshots/animation';

const SIZE = { width: 40, height: 30 };

/** A white picture with a red square of 4 pixels a side. */
function picture(squareAt: number, size = SIZE): Buffer {
  const png = new PNG(size);
  png.data.fill(255);
  for (let y = 0; y < 4; y += 1) {
    for (let x = squareAt; x < squareAt + 4; x += 1) png.data.set([200, 0, 0, 255], (y * size.width + x) * 4);
  }
  return PNG.sync.write(png);
}

const gifOf = (...squares: number[]): Buffer =>
  Buffer.from(animatedGif(squares.map((square) => ({ png: picture(square), showMs: 500 }))));

it('is a GIF of that size that plays without end', () => {
  const gif = gifOf(0, 10);

  expect(gif.toString('latin1', 0, 6)).toBe('GIF89a');
  expect([gif.readUInt16LE(6), gif.readUInt16LE(8)]).toEqual([40, 30]);
  expect(gif.includes('NETSCAPE2.0')).toBe(true);
});

it('shows each picture as long as it says', () => {
  const control = Buffer.from([0x21, 0xf9, 0x04]);
  const gif = gifOf(0, 10, 20);
  const delays: number[] = [];
  for (let at = gif.indexOf(control); at >= 0; at = gif.indexOf(control, at + 1)) delays.push(gif.readUInt16LE(at + 4));

  expect(delays).toEqual([50, 50, 50]); // in hundredths of a second
});

it('stores what is new: a picture like the one before costs less than another', () => {
  expect(gifOf(0, 0).length).toBeLessThan(gifOf(0, 20).length);
});

it('refuses no picture, and pictures of two sizes', () => {
  expect(() => animatedGif([])).toThrow('An animation has at least one frame');
  const other = { png: picture(0, { width: 10, height: 10 }), showMs: 1 };
  expect(() => animatedGif([{ png: picture(0), showMs: 1 }, other])).toThrow('one size: 40×30, got 10×10');
});
