/** How much memory is taken at a time. */
const SLAB_BYTES = 2 ** 20;

/** A text outside of the heap. */
export class KeptText {
  constructor(
    private readonly slab: Buffer,
    private readonly start: number,
    readonly bytes: number,
  ) {}

  read(): string {
    return this.slab.toString('utf8', this.start, this.start + this.bytes);
  }
}

/**
 * Keeps texts outside of the heap, one after the other in large pieces of memory: a garbage collection neither walks
 * through them nor copies them. A piece is given back when nobody holds a text in it any more.
 */
export class TextArchive {
  #slab = Buffer.alloc(0);
  #used = 0;

  keep(text: string): KeptText {
    const most = text.length * 3; // bytes of UTF-8 for a UTF-16 unit
    if (this.#used + most > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, most));
      this.#used = 0;
    }
    const start = this.#used;
    const bytes = this.#slab.write(text, start, 'utf8');
    this.#used += bytes;
    return new KeptText(this.#slab, start, bytes);
  }
}
