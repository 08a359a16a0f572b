let last = { ms: NaN, text: '' };

/** A time as the context object has it. Many states are entered in one millisecond: its text is made once. */
export function isoTime(ms: number): string {
  if (last.ms !== ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}
