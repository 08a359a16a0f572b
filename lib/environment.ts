import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';
import leven from 'leven';
import { type Configuration, parseConfiguration, refuse, SETTINGS } from './configuration';

/** What else may be set: of the laptop, which the deployment doesn't know. */
export const LAPTOP_SETTINGS = [
  'PORT',
  'API_KEY',
  'DATA_DIR',
  'DYNAMODB_URL',
  'REDIS_URL',
  'MOMENTO_URL',
  'DOCDB_URL',
  'TIDB_URL',
] as const;

const KNOWN: readonly string[] = [...Object.values(SETTINGS).map(({ name }) => name), ...LAPTOP_SETTINGS];

/** A name that differs from a known one by a larger part of it was not meant to be that. */
const MOST_DIFFERENT = 1 / 3;

/** A comment, nothing, or a name and what it is set to. */
const READABLE = /^\s*(?:#.*|(?:export\s+)?[\w.-]+\s*[=:].*)?$/;

/**
 * The configuration of a deployment, and the environment that it is read from.
 *
 * @throws ConfigurationError with all lines of {@link parseEnvironment} and of {@link parseConfiguration}
 */
export function readDeployment(folder: string): {
  readonly environment: NodeJS.ProcessEnv;
  readonly configuration: Configuration;
} {
  const problems: string[] = [];
  const environment = parseEnvironment(folder, problems);
  const configuration = parseConfiguration(environment, problems);
  refuse(problems);
  return { environment, configuration: configuration as Configuration };
}

/**
 * The process's environment, over the settings of the `.env` in `folder`, if there is one, as far as they can be read.
 *
 * @param problems gets a line for each one of the file that can't be read, and for each name that isn't a setting: a
 *   limit that is misspelt would be no limit
 */
export function parseEnvironment(folder: string, problems: string[]): NodeJS.ProcessEnv {
  return { ...parseEnvFile(readIfThere(path.join(folder, '.env'), problems), problems), ...process.env };
}

function readIfThere(file: string, problems: string[]): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') problems.push(`.env can't be read: ${message}`);
    return '';
  }
}

/** @param problems as for {@link parseEnvironment} */
export function parseEnvFile(text: string, problems: string[]): Record<string, string> {
  const plain = text.replace(/^\uFEFF/, ''); // as some editors begin a file
  const settings = parse(plain);
  for (const [index, line] of plain.split(/\r?\n/).entries()) {
    if (!READABLE.test(line)) problems.push(`.env, line ${index + 1}: must be NAME=value${shown(line)}`);
  }
  for (const name of Object.keys(settings)) {
    if (!KNOWN.includes(name)) problems.push(`.env: ${name} isn't a setting${suggestion(name)}`);
  }
  return settings;
}

/** A line may be the rest of a secret: at most the name that it begins with is shown. */
function shown(line: string): string {
  const [, name] = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s/.exec(line) ?? [];
  return name === undefined ? '' : `, got "${name} …"`;
}

function suggestion(name: string): string {
  const { known, distance } = nearest(name);
  return distance <= known.length * MOST_DIFFERENT ? `: did you mean ${known}?` : ': see docs/settings.md';
}

function nearest(name: string): { readonly known: string; readonly distance: number } {
  const distances = KNOWN.map((known) => ({ known, distance: leven(name.toUpperCase(), known) }));
  return distances.reduce((best, one) => (one.distance < best.distance ? one : best));
}

/**
 * A line for each variable of a process's environment whose name is a setting's but for a letter or two, and has no effect.
 * The environment is for other programs too, so that these aren't problems.
 */
export function misspeltSettings(environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(environment).flatMap((name) => {
    if (!/^[A-Z]+_[A-Z_]+$/.test(name) || KNOWN.includes(name)) return [];
    const { known, distance } = nearest(name);
    return distance > 2 || environment[known] ? [] : [`${name} isn't a setting: did you mean ${known}?`];
  });
}
