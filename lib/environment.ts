import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';
import leven from 'leven';
import { ConfigurationError, SETTINGS } from './configuration';

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
 * The process's environment, over the settings of the `.env` in `folder`, if there is one.
 *
 * @throws ConfigurationError with a line for each one of the file that can't be read, and for each name that isn't a
 *   setting: a limit that is misspelt would be no limit
 */
export function readEnvironment(folder: string): NodeJS.ProcessEnv {
  const file = path.join(folder, '.env');
  return { ...(existsSync(file) ? readEnvFile(readFileSync(file, 'utf8')) : {}), ...process.env };
}

/** @throws ConfigurationError as {@link readEnvironment} */
export function readEnvFile(text: string): Record<string, string> {
  const plain = text.replace(/^\uFEFF/, ''); // as some editors begin a file
  const settings = parse(plain);
  const unreadable = plain.split(/\r?\n/).flatMap((line, index) => {
    return READABLE.test(line) ? [] : [`.env, line ${index + 1}: must be NAME=value, got "${line.trim()}"`];
  });
  const unknown = Object.keys(settings).filter((name) => !KNOWN.includes(name));
  const problems = [...unreadable, ...unknown.map((name) => `.env: ${name} isn't a setting${suggestion(name)}`)];
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return settings;
}

function suggestion(name: string): string {
  const distances = KNOWN.map((known) => ({ known, distance: leven(name.toUpperCase(), known) }));
  const [nearest] = distances.sort((one, other) => one.distance - other.distance);
  return nearest && nearest.distance <= nearest.known.length * MOST_DIFFERENT
    ? `: did you mean ${nearest.known}?`
    : ': see docs/settings.md';
}
