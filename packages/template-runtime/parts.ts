/** Registers the end of a started part; the last is ended first. */
export type OnClose = (end: () => Promise<void> | void) => void;

/**
 * Starts a system of parts that end together: a failed start ends those that were started, and so does `close`.
 *
 * @throws what `start` throws
 */
export async function startParts<System>(
  start: (onClose: OnClose) => Promise<System>,
): Promise<System & { close(): Promise<void> }> {
  const started: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    let failure: { error: unknown } | undefined;
    for (const end of started.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        failure ??= { error }; // the other parts are ended anyway
      }
    }
    if (failure) throw failure.error;
  };
  try {
    return { ...(await start((end) => started.push(end))), close };
  } catch (error) {
    await close().catch(() => undefined); // the first error is the one that matters
    throw error;
  }
}
