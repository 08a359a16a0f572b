const SHOWN = 64;

/** A value as a message shows it, in the API's way: of a long text the first 64 characters, and its length. */
export function shown(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const characters = Array.from(value);
  const quoted = JSON.stringify(characters.slice(0, SHOWN).join(''));
  return characters.length > SHOWN ? `${quoted}... (${characters.length} characters)` : quoted;
}
