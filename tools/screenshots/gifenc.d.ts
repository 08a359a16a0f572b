/** What is used of it here: it brings no types of its own. */
declare module 'gifenc' {
  type Palette = [red: number, green: number, blue: number][];

  interface FrameOptions {
    /** The first frame's is that of those without one. */
    readonly palette?: Palette;
    /** Milliseconds. */
    readonly delay: number;
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
    /** 1 leaves the frame where it is, below the next. */
    readonly dispose?: number;
  }

  interface Encoder {
    writeFrame(index: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
  }

  export function GIFEncoder(): Encoder;
  /** @param pixels red, green, blue and opacity of each */
  export function quantize(pixels: Uint8Array, colours: number): Palette;
  /** @returns the palette's nearest colour of each pixel */
  export function applyPalette(pixels: Uint8Array, palette: Palette): Uint8Array;
}
