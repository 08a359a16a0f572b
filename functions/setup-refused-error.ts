/**
 * The store refuses the setup until a person changes something: another index or table is in the way, or the
 * credentials are wrong. The state machine doesn't retry it.
 */
export class SetupRefusedError extends Error {
  override readonly name = 'SetupRefusedError'; // set by hand: minifying renames the class
}
