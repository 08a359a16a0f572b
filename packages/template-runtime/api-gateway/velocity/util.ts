import querystring from 'node:querystring';
import type { Value } from './values';

/**
 * The functions of `$util`, which take a text.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 * ("$util Variables").
 */
const FUNCTIONS = {
  escapeJavaScript: (text: string): Value => escapeJavaScript(text),
  parseJson: (text: string): Value => JSON.parse(text) as Value,
  urlEncode: (text: string): Value => urlEncode(text),
  urlDecode: (text: string): Value => urlDecode(text),
  base64Encode: (text: string): Value => Buffer.from(text).toString('base64'),
  base64Decode: (text: string): Value => base64Decode(text),
} as const;

export type UtilFunction = keyof typeof FUNCTIONS;

export const isUtilFunction = (name: string): name is UtilFunction => Object.hasOwn(FUNCTIONS, name);

/**
 * Calls a function of `$util`; null where the argument isn't a text, since Java finds no such method then.
 *
 * @throws SyntaxError where the argument isn't what the function reads: API Gateway answers 500
 */
export function callUtil(name: UtilFunction, argument: Value): Value {
  return typeof argument === 'string' ? FUNCTIONS[name](argument) : null;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\n': '\\n',
  '\t': '\\t',
  '\f': '\\f',
  '\r': '\\r',
  "'": "\\'",
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
};
/** All but printable ASCII and DEL, and of that the quotes, the backslash and the slash; by UTF-16 unit. */
const TO_ESCAPE = /[^ -\x7f]|['"\\/]/;
const ALL_TO_ESCAPE = new RegExp(TO_ESCAPE, 'g');

/**
 * Escapes as `StringEscapeUtils.escapeJavaScript` of Apache Commons Lang, whose rules API Gateway's page describes: quotes
 * of both kinds, backslash, slash, control characters, and each UTF-16 unit outside ASCII as `\uXXXX`. `\'` is no JSON:
 * the page says to append `.replaceAll("\\'", "'")`
 * (https://commons.apache.org/proper/commons-lang/javadocs/api-2.6/org/apache/commons/lang/StringEscapeUtils.html).
 */
export function escapeJavaScript(text: string): string {
  if (!TO_ESCAPE.test(text)) return text;
  return text.replace(
    ALL_TO_ESCAPE,
    (unit) => ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `java.net.URLEncoder`, UTF-8: the format of HTML forms. */
function urlEncode(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATE, '?'))
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** `java.net.URLDecoder`, UTF-8: `+` is a space, bytes that are no UTF-8 become U+FFFD. */
function urlDecode(text: string): string {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) throw new SyntaxError(`urlDecode: ${text} has an incomplete escape`);
  return querystring.unescape(text.replaceAll('+', ' '));
}

function base64Decode(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new SyntaxError('base64Decode: not Base64');
  return Buffer.from(text, 'base64').toString();
}
