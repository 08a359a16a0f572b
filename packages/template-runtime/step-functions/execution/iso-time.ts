let last = { second: NaN, text: '' };

/** A time as the context object has it. Many states are entered in one second: its text is made once. */
export function isoTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (last.second !== second) last = { second, text: new Date(second * 1000).toISOString().slice(0, -'000Z'.length) };
  const ms = String(Math.trunc(epochMs - second * 1000)).padStart(3, '0');
  return [last.text, ms, 'Z'].join('');
}
