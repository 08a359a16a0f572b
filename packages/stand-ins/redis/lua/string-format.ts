import { formatExponential, formatFixed, formatGeneral, truncateToInt64 } from '../numbers';

/** The arguments of a call of `string.format`, by position; each raises a Lua error when it has another type. */
export interface FormatArguments {
  number(position: number): number;
  text(position: number): string;
  /** Raises a Lua error. */
  fail(message: string): never;
}

const DIRECTIVE = /%(?:%|([-+ #0]*)(\d*)(?:\.(\d*))?([^]?))/g;

/**
 * Lua 5.1's `string.format`, which hands each directive to C's printf: https://www.lua.org/manual/5.1/manual.html#pdf-string.format
 *
 * @param args the first one after the template has position 2
 */
export function formatString(template: string, args: FormatArguments): string {
  let position = 1;
  return template.replace(
    DIRECTIVE,
    (directive: string, flags?: string, width: string = '', precision?: string, type: string = '') => {
      if (flags === undefined) return '%';
      if (width.length > 2 || (precision ?? '').length > 2) {
        return args.fail('invalid format (width or precision too long)');
      }
      position += 1;
      const places = precision === undefined ? undefined : Number(precision);
      const text = convert(type, flags, places, position, args);
      if (text === undefined) return args.fail(`invalid option '%${type}' to 'format' in '${directive}'`);
      // A zero pads numbers between sign and digits, unless a precision tells how many digits an integer has.
      const zeros = flags.includes('0') && !flags.includes('-') && /[eEfgG]|[diouxX]/.test(type);
      const padded = zeros && Number.isFinite(Number(text)) && !(places !== undefined && /[diouxX]/.test(type));
      return padded ? padWithZeros(text, Number(width)) : pad(text, Number(width), flags.includes('-'));
    },
  );
}

function convert(
  type: string,
  flags: string,
  precision: number | undefined,
  position: number,
  args: FormatArguments,
): string | undefined {
  const signed = (text: string): string =>
    text.startsWith('-') ? text : (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + text;
  switch (type) {
    case 'c':
      return String.fromCharCode(args.number(position) & 0xff);
    case 'd':
    case 'i':
      return signed(withDigits(truncateToInt64(args.number(position)), precision));
    case 'u':
      return withDigits(unsigned(args.number(position)), precision);
    case 'o':
      return (flags.includes('#') ? '0' : '') + digits(unsigned(args.number(position)).toString(8), precision);
    case 'x':
      return (flags.includes('#') ? '0x' : '') + digits(unsigned(args.number(position)).toString(16), precision);
    case 'X':
      return (
        (flags.includes('#') ? '0X' : '') +
        digits(unsigned(args.number(position)).toString(16), precision).toUpperCase()
      );
    case 'e':
      return signed(formatExponential(args.number(position), precision ?? 6));
    case 'E':
      return signed(formatExponential(args.number(position), precision ?? 6).toUpperCase());
    case 'f':
      return signed(formatFixed(args.number(position), precision ?? 6));
    case 'g':
      return signed(formatGeneral(args.number(position), precision ?? 6));
    case 'G':
      return signed(formatGeneral(args.number(position), precision ?? 6).toUpperCase());
    case 'q':
      return quoted(args.text(position));
    case 's':
      return args.text(position).slice(0, precision);
    default:
      return undefined;
  }
}

function unsigned(value: number): bigint {
  return BigInt.asUintN(64, BigInt(truncateToInt64(value)));
}

function withDigits(value: number | bigint, precision: number | undefined): string {
  const text = String(value);
  return text.startsWith('-') ? `-${digits(text.slice(1), precision)}` : digits(text, precision);
}

function digits(text: string, precision = 1): string {
  return precision === 0 && text === '0' ? '' : text.padStart(precision, '0');
}

function pad(text: string, width: number, toTheLeft: boolean): string {
  return toTheLeft ? text.padEnd(width) : text.padStart(width);
}

function padWithZeros(text: string, width: number): string {
  const [, sign = '', rest = ''] = /^([+ -]?(?:0[xX])?)([^]*)$/.exec(text) ?? [];
  return sign + rest.padStart(width - sign.length, '0');
}

/** A literal that Lua reads back. */
function quoted(text: string): string {
  const escaped = text
    .replace(/["\\\n]/g, '\\$&')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\000');
  return `"${escaped}"`;
}
