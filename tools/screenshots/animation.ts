import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import { PNG } from 'pngjs';

/** A picture of an animation, and how long it stays. */
export interface Frame {
  readonly png: Buffer;
  readonly showMs: number;
}

/** Colours of a GIF's palette, without the one that stands for "as before". */
const COLOURS = 255;

/**
 * One GIF of many pictures, which plays without end. A pixel that hasn't changed since the picture before isn't stored
 * again, so a picture costs what is new in it.
 *
 * @param frames at least one, all of one size
 * @throws RangeError for none, or for another size
 */
export function animatedGif(frames: readonly Frame[]): Uint8Array {
  const pictures = frames.map(({ png }) => PNG.sync.read(png));
  const [first] = pictures;
  if (!first) throw new RangeError('An animation has at least one frame');
  const { width, height } = first;
  const other = pictures.find((picture) => picture.width !== width || picture.height !== height);
  if (other) throw new RangeError(`Frames are of one size: ${width}×${height}, got ${other.width}×${other.height}`);
  const palette = quantize(Buffer.concat(pictures.map(({ data }) => data)), COLOURS);
  const asBefore = palette.length;
  const gif = GIFEncoder();
  frames.forEach(({ showMs }, index) => {
    const { data } = pictures[index] as PNG;
    const colours = applyPalette(data, palette);
    const before = pictures[index - 1];
    if (before) hideUnchanged(colours, data, before.data, asBefore);
    gif.writeFrame(colours, width, height, {
      delay: showMs,
      transparent: true,
      transparentIndex: asBefore,
      dispose: 1,
      ...(index === 0 && { palette: [...palette, [0, 0, 0]] }),
    });
  });
  gif.finish();
  return gif.bytes();
}

/** @param colours the palette's colour of each pixel, changed in place */
function hideUnchanged(colours: Uint8Array, pixels: Buffer, before: Buffer, asBefore: number): void {
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    if (pixels.readUInt32LE(pixel * 4) === before.readUInt32LE(pixel * 4)) colours[pixel] = asBefore;
  }
}
