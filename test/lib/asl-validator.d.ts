declare module 'asl-validator' {
  /** Checks a state machine's definition against the schemas of the Amazon States Language and what they can't say. */
  export default function validate(definition: object): { isValid: boolean; errors: unknown[] };
}
