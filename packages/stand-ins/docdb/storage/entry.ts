import { type Document, fromText, toText } from '../values/document';

/** A stored document. Indexes hold this object; an update puts another document into it. */
export class Entry {
  private stored: Document | string;

  /**
   * @param number its place in the order of insertion
   * @param document as it is, or as a text: most of what a start finds is outdated by what comes later, or not soon asked for
   */
  constructor(
    readonly number: number,
    document: Document | string,
  ) {
    this.stored = document;
  }

  get document(): Document {
    if (typeof this.stored === 'string') this.stored = fromText(this.stored);
    return this.stored;
  }

  set document(document: Document | string) {
    this.stored = document;
  }

  /** The document as the journal has it. */
  get text(): string {
    return typeof this.stored === 'string' ? this.stored : toText(this.stored);
  }
}
