import { parseArgs } from 'node:util';

/** The parsed command line. */
export interface CommandArguments {
  /** The template, or the cloud assembly with it. */
  readonly source: string;
  readonly port: number;
  readonly apiKey: string;
  /** Fails if anything isn't carried out. */
  readonly strict: boolean;
}

/** The command line is invalid. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Usage: template-runtime <X.template.json | cdk.out> [--port 3000] [--api-key KEY] [--strict]

Runs a CloudFormation template on this machine: its REST APIs, state machines in JSONata, functions, rules and
DynamoDB tables. What it can't carry out is listed first, by logical id, and left out.

  --port      the port on 127.0.0.1, 3000 by default; 0 takes a free one
  --api-key   the value of an API key that has none in the template, "local-development-key" by default
  --strict    end instead of leaving anything out
  --help      show this`;

/**
 * Reads the command line.
 *
 * @param words what follows the command's name
 * @returns undefined for `--help`
 * @throws UsageError naming the word
 */
export function readArguments(words: readonly string[]): CommandArguments | undefined {
  const { values, positionals } = parsed(words);
  if (values.help) return undefined;
  const [source, second] = positionals;
  if (source === undefined) throw new UsageError('Name a template, such as cdk.out/X.template.json; --help says more');
  if (second !== undefined) throw new UsageError(`Unknown argument "${second}": one template is run at a time`);
  return { source, port: readPort(values.port), apiKey: values['api-key'], strict: values.strict };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '3000' },
        'api-key': { type: 'string', default: 'local-development-key' },
        strict: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error;
    const [problem = ''] = error.message.split(/\. |\n/); // what follows is advice for another case
    throw new UsageError(`${problem}; --help lists the options`, { cause: error });
  }
}

function readPort(text: string): number {
  if (/^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`--port must be a whole number from 0 to 65535, got "${text}"`);
}
