import { CommandError } from '../errors';
import { type Document, documentBytes, MAX_DOCUMENT_BYTES } from '../values/document';

/** How long a cursor that nobody reads is kept (mongodb.com, "Cursors: Cursor Behaviors": ten minutes). */
const IDLE_MS = 10 * 60 * 1000;
/** Documents of a first batch when the client doesn't say (mongodb.com, "Iterate a Cursor"). */
const FIRST_BATCH = 101;

interface Cursor {
  readonly namespace: string;
  readonly rest: readonly Document[];
  readonly usedAt: number;
}

/** A batch of a cursor's documents, and the id to get the next by: 0 after the last. */
export interface Batch {
  readonly id: bigint;
  readonly documents: readonly Document[];
}

export interface BatchOptions {
  /** @default - 101 */
  readonly batchSize?: number | undefined;
  /** The rest is dropped. */
  readonly singleBatch?: boolean;
}

/** Results that clients read in batches. A cursor holds what matched when its query ran. */
export class Cursors {
  private readonly open = new Map<bigint, Cursor>();
  private lastId = 0n;

  /** @param now the clock, in milliseconds */
  constructor(private readonly now: () => number = Date.now) {}

  start(namespace: string, documents: readonly Document[], options: BatchOptions = {}): Batch {
    const { batchSize = FIRST_BATCH, singleBatch = false } = options;
    const batch = this.take(++this.lastId, namespace, documents, batchSize);
    if (singleBatch) this.open.delete(batch.id);
    return singleBatch ? { ...batch, id: 0n } : batch;
  }

  /** @throws CommandError CursorNotFound */
  more(id: bigint, namespace: string, batchSize: number | undefined): Batch {
    this.forgetIdle();
    const cursor = this.open.get(id);
    if (cursor?.namespace !== namespace) throw new CommandError(43, `cursor id ${id} not found`);
    return this.take(id, namespace, cursor.rest, batchSize || Infinity);
  }

  /** @returns whether there was one */
  kill(id: bigint, namespace: string): boolean {
    return this.open.get(id)?.namespace === namespace && this.open.delete(id);
  }

  private take(id: bigint, namespace: string, documents: readonly Document[], batchSize: number): Batch {
    const count = fitting(documents, batchSize);
    const rest = documents.slice(count);
    if (rest.length > 0) this.open.set(id, { namespace, rest, usedAt: this.now() });
    else this.open.delete(id);
    return { id: rest.length > 0 ? id : 0n, documents: documents.slice(0, count) };
  }

  private forgetIdle(): void {
    const oldest = this.now() - IDLE_MS;
    for (const [id, { usedAt }] of this.open) if (usedAt < oldest) this.open.delete(id);
  }
}

/** How many of the first documents fit into a reply: at least one, if it is wanted. */
function fitting(documents: readonly Document[], batchSize: number): number {
  const wanted = documents.slice(0, batchSize);
  let bytes = 0;
  const tooLarge =
    wanted.length < 2 ? -1 : wanted.findIndex((document) => (bytes += documentBytes(document)) > MAX_DOCUMENT_BYTES);
  return tooLarge < 0 ? wanted.length : Math.max(tooLarge, 1);
}
