const SHOWN = 64;

/** A value as a message shows it, as JSON: of a long one the first 64 characters, and its length. */
export function shown(value: unknown): string {
  const isText = typeof value === 'string';
  const characters = Array.from(isText ? value : (JSON.stringify(value) ?? 'nothing'));
  const first = characters.slice(0, SHOWN).join('');
  const length = characters.length > SHOWN ? `... (${characters.length} characters)` : '';
  return (isText ? JSON.stringify(first) : first) + length;
}
