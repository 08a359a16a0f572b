import { CommandError } from '../errors';
import { type Document, documentBytes, MAX_DOCUMENT_BYTES } from '../values/document';

/** How long a cursor that nobody reads is kept (mongodb.com, "Cursors: Cursor Behaviors": ten minutes). */
const IDLE_MS = 10 * 60 * 1000;
/** Documents of a first batch when the client doesn't say (mongodb.com, "Iterate a Cursor"). */
const FIRST_BATCH = 101;

interface Cursor {
  readonly namespace: string;
  readonly documents: readonly Document[];
  position: number;
  usedAt: number;
}

/** A batch of a cursor's documents, and the id to get the next by: 0 after the last. */
export interface Batch {
  readonly id: bigint;
  readonly documents: readonly Document[];
}

/** Results that clients read in batches. A cursor holds what matched when its query ran. */
export class Cursors {
  private readonly open = new Map<bigint, Cursor>();
  private lastId = 0n;

  /** @param now the clock, in milliseconds */
  constructor(private readonly now: () => number = Date.now) {}

  /** The first batch; with `singleBatch` the rest is dropped. */
  start(
    namespace: string,
    documents: readonly Document[],
    { batchSize = FIRST_BATCH, singleBatch = false }: { batchSize?: number; singleBatch?: boolean },
  ): Batch {
    const count = fitting(documents, 0, batchSize);
    if (count === documents.length || singleBatch) return { id: 0n, documents: documents.slice(0, count) };
    this.forgetIdle();
    const id = ++this.lastId;
    this.open.set(id, { namespace, documents, position: count, usedAt: this.now() });
    return { id, documents: documents.slice(0, count) };
  }

  /** @throws CommandError CursorNotFound */
  more(id: bigint, namespace: string, batchSize: number | undefined): Batch {
    this.forgetIdle();
    const cursor = this.open.get(id);
    if (cursor?.namespace !== namespace) throw new CommandError(43, `cursor id ${id} not found`);
    const { documents, position } = cursor;
    const end = position + fitting(documents, position, batchSize || Infinity);
    cursor.position = end;
    cursor.usedAt = this.now();
    if (end === documents.length) this.open.delete(id);
    return { id: end === documents.length ? 0n : id, documents: documents.slice(position, end) };
  }

  /** @returns whether there was one */
  kill(id: bigint, namespace: string): boolean {
    return this.open.get(id)?.namespace === namespace && this.open.delete(id);
  }

  private forgetIdle(): void {
    const oldest = this.now() - IDLE_MS;
    for (const [id, { usedAt }] of this.open) if (usedAt < oldest) this.open.delete(id);
  }
}

/** How many documents from a position on fit into a reply: at least one. */
function fitting(documents: readonly Document[], position: number, batchSize: number): number {
  const wanted = Math.min(batchSize, documents.length - position);
  if (wanted <= 1) return wanted;
  let bytes = 0;
  for (let count = 0; count < wanted; count++) {
    const document = documents[position + count];
    bytes += document ? documentBytes(document) : 0;
    if (bytes > MAX_DOCUMENT_BYTES) return Math.max(count, 1);
  }
  return wanted;
}
