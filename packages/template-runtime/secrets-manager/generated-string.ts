import { randomInt } from 'node:crypto';
import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';

const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz';
const UPPERCASE = LOWERCASE.toUpperCase();
const NUMBERS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

const FIELDS = [
  'ExcludeCharacters',
  'ExcludeLowercase',
  'ExcludeNumbers',
  'ExcludePunctuation',
  'ExcludeUppercase',
  'GenerateStringKey',
  'IncludeSpace',
  'PasswordLength',
  'RequireEachIncludedType',
  'SecretStringTemplate',
];

/**
 * Generates the value of `GenerateSecretString`: a password, or a template with a password under a key.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html
 *
 * @throws UnsupportedTemplateError
 */
export function generateSecretString(resource: TemplateResource, options: Readonly<Record<string, unknown>>): string {
  const unsupported = (field: string, reason: string): UnsupportedTemplateError =>
    new UnsupportedTemplateError(resource, `GenerateSecretString.${field}`, reason);
  for (const field of Object.keys(options)) if (!FIELDS.includes(field)) throw unsupported(field, 'is not emulated');
  const isSet = (name: string, fallback = false): boolean =>
    [true, 'true'].includes((options[name] ?? fallback) as boolean);

  const length = Number(options['PasswordLength'] ?? 32);
  if (!Number.isInteger(length) || length < 1 || length > 4096) {
    throw unsupported(
      'PasswordLength',
      `must be a whole number from 1 to 4096, got ${JSON.stringify(options['PasswordLength'])}`,
    );
  }
  const { ExcludeCharacters: excluded = '', GenerateStringKey: key, SecretStringTemplate: template } = options;
  const kinds = [
    isSet('ExcludeLowercase') ? '' : LOWERCASE,
    isSet('ExcludeUppercase') ? '' : UPPERCASE,
    isSet('ExcludeNumbers') ? '' : NUMBERS,
    isSet('ExcludePunctuation') ? '' : PUNCTUATION,
    isSet('IncludeSpace') ? ' ' : '',
  ]
    .map((characters) => Array.from(characters).filter((character) => !String(excluded).includes(character)))
    .filter((characters) => characters.length > 0);
  if (kinds.length === 0) throw unsupported('ExcludeCharacters', 'leaves no character');
  const requiresEach = isSet('RequireEachIncludedType', true);
  if (requiresEach && length < kinds.length) {
    throw unsupported('PasswordLength', 'is shorter than the number of character types');
  }

  const password = randomPassword(kinds, length, requiresEach);
  if (typeof key !== 'string' || typeof template !== 'string') return password;
  try {
    return JSON.stringify({ ...(JSON.parse(template) as object), [key]: password });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unsupported('SecretStringTemplate', 'must be a JSON object');
  }
}

function randomPassword(kinds: readonly (readonly string[])[], length: number, requiresEach: boolean): string {
  const pick = (characters: readonly string[]): string => characters[randomInt(characters.length)] ?? '';
  const all = kinds.flat();
  const characters = requiresEach ? kinds.map(pick) : [];
  while (characters.length < length) characters.push(pick(all));
  for (let last = characters.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? ''];
  }
  return characters.join('');
}
