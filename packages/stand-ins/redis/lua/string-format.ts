import { truncateToInt64 } from '../numbers';
import { formatFixed, formatGeneral } from './number-text';

/** The arguments of a call of `string.format`, by position; each raises a Lua error when it has another type. */
export interface FormatArguments {
  number(position: number): number;
  text(position: number): string;
  /** Raises a Lua error. */
  fail(message: string): never;
}

const DIRECTIVE = /%(?:%|([-+0]*)(\d{0,2})(?:\.(\d{0,2}))?([^]?))/g;

/**
 * Lua 5.1's `string.format`, which hands each directive to C's printf, for `%d`, `%f`, `%g` and `%s`:
 * https://www.lua.org/manual/5.1/manual.html#pdf-string.format
 *
 * @param args the first one after the template has position 2
 */
export function formatString(template: string, args: FormatArguments): string {
  let position = 1;
  return template.replace(
    DIRECTIVE,
    (directive: string, flags?: string, width: string = '', precision?: string, type: string = '') => {
      if (flags === undefined) return '%';
      position += 1;
      const places = precision === undefined ? undefined : Number(precision);
      const text = convert(type, places, position, args);
      if (text === undefined) return args.fail(`invalid option '%${type}' to 'format' in '${directive}'`);
      const signed = type === 's' || !flags.includes('+') || text.startsWith('-') ? text : `+${text}`;
      if (flags.includes('-')) return signed.padEnd(Number(width));
      // A zero pads between sign and digits, unless a precision tells how many digits an integer has.
      const isPadded = flags.includes('0') && type !== 's' && Number.isFinite(Number(text));
      if (!isPadded || (type === 'd' && places !== undefined)) return signed.padStart(Number(width));
      const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(signed) ?? [];
      return sign + digits.padStart(Number(width) - sign.length, '0');
    },
  );
}

function convert(type: string, precision: number | undefined, position: number, args: FormatArguments) {
  switch (type) {
    case 'd': {
      const [, sign = '', digits = ''] = /^(-?)(.*)$/.exec(String(truncateToInt64(args.number(position)))) ?? [];
      return sign + digits.padStart(precision ?? 1, '0');
    }
    case 'f':
      return formatFixed(args.number(position), precision ?? 6);
    case 'g':
      return formatGeneral(args.number(position), precision ?? 6);
    case 's':
      return args.text(position).slice(0, precision);
    default:
      return undefined;
  }
}
