/** What is wrong with a JSON text, in the words of the parser that AWS uses (Jackson), where they were recorded. */
export interface JsonProblem {
  readonly message: string;
  /** Where in `text`, as AWS prints it in a diagnostic. */
  location(text: string): string;
}

const EXPECTED = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/**
 * Parses a JSON text.
 *
 * Source: recorded on AWS in github.com/localstack/localstack tests/aws/services/stepfunctions/v2/test_sfn_api.snapshot.json
 * (test_invalid_start_execution_input) and test_sfn_api_validation.snapshot.json
 *
 * @returns its value, or what is wrong with it
 */
export function parseJson(text: string): { readonly value?: unknown; readonly problem?: JsonProblem } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: describe(text, error) };
  }
}

function describe(text: string, { message }: SyntaxError): JsonProblem {
  const token = /^\s*([A-Za-z]\w*)/.exec(text);
  if (token?.[1] !== undefined && !/^(?:null|true|false)$/.test(token[1])) {
    return problemAt(`Unrecognized token '${token[1]}': ${EXPECTED}`, token[0].length);
  }
  const key = /^\s*\{\s*([^"}\s])/.exec(text);
  if (key?.[1] !== undefined) {
    const character = `'${key[1]}' (code ${key[1].charCodeAt(0)})`;
    return problemAt(
      `Unexpected character (${character}): was expecting double-quote to start field name`,
      key[0].length,
    );
  }
  return problemAt(message, Number(/at position (\d+)/.exec(message)?.[1] ?? text.length));
}

/** @param end how many characters the parser had read; it counts from 1 and stands behind the token */
function problemAt(message: string, end: number): JsonProblem {
  return {
    message,
    location(text) {
      const lines = text.slice(0, end).split('\n');
      return `[Source: (String)"${text}"; line: ${lines.length}, column: ${(lines.at(-1) ?? '').length + 1}]`;
    },
  };
}
