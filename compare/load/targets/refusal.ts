/**
 * The counter that a refusal by this API tells: `max` less `remaining`.
 *
 * @returns undefined where nothing remains, since such a counter may be above this call's limit, and where it isn't told
 */
export function refusedAt(body: unknown): number | undefined {
  const { max, remaining } = Object(body) as { readonly max?: unknown; readonly remaining?: unknown };
  return Number.isSafeInteger(max) && Number.isSafeInteger(remaining) && Number(remaining) > 0
    ? Number(max) - Number(remaining)
    : undefined;
}

/** A refusal at the limit. @param counter what it tells of the counter */
export function refusal(counter: number | undefined): { status: 'limit-reached'; counter?: number } {
  return { status: 'limit-reached', ...(counter === undefined ? {} : { counter }) };
}
