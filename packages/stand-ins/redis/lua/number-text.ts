/** Doubles as C's printf writes them, which Lua and Redis leave it to. */

/** C's `%.<precision>g`. */
export function formatGeneral(value: number, precision: number): string {
  const significant = Math.max(precision, 1);
  if (Number.isSafeInteger(value) && value !== 0 && Math.abs(value) < 10 ** significant) return String(value);
  if (!Number.isFinite(value) || value === 0) return nonFiniteOrZero(value, 0);
  const { digits, exponent } = decimalDigits(Math.abs(value), significant);
  const sign = value < 0 ? '-' : '';
  const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (exponent < -4 || exponent >= significant) return sign + trim(point(digits, 1)) + exponentText(exponent);
  if (exponent < 0) return sign + trim(`0.${'0'.repeat(-exponent - 1)}${digits}`);
  return sign + trim(point(digits, exponent + 1));
}

/** C's `%.<places>f`. */
export function formatFixed(value: number, places: number): string {
  if (!Number.isFinite(value) || value === 0) return nonFiniteOrZero(value, places);
  const magnitude = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (magnitude >= 1e21) return `${sign}${BigInt(magnitude)}${places === 0 ? '' : `.${'0'.repeat(places)}`}`;
  const rounded = magnitude.toFixed(places);
  const exact = magnitude.toFixed(100);
  return sign + (roundsTieToOdd(exact, rounded) ? exact.slice(0, rounded.length) : rounded);
}

/** Where JavaScript rounds a tie up, C rounds it to the even digit. */
function decimalDigits(value: number, count: number): { digits: string; exponent: number } {
  const exact = value.toExponential(100);
  const rounded = value.toExponential(count - 1);
  const [mantissa = '', exponent = ''] = (
    roundsTieToOdd(exact.slice(0, exact.indexOf('e')), rounded.slice(0, rounded.indexOf('e')))
      ? exact.slice(0, count === 1 ? 1 : count + 1) + exact.slice(exact.indexOf('e'))
      : rounded
  ).split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/**
 * @param exact the same number as `rounded`, with 100 decimal places
 */
function roundsTieToOdd(exact: string, rounded: string): boolean {
  const rest = exact.slice(rounded.length).replace('.', '');
  return /^50*$/.test(rest) && /[13579]\.?$/.test(rounded);
}

function point(digits: string, whole: number): string {
  return digits.length > whole ? `${digits.slice(0, whole)}.${digits.slice(whole)}` : digits;
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function nonFiniteOrZero(value: number, places: number): string {
  if (Number.isNaN(value)) return '-nan'; // what glibc prints on x86 for 0/0, the only NaN that scripts make
  if (value === 0) return (Object.is(value, -0) ? '-0' : '0') + (places === 0 ? '' : `.${'0'.repeat(places)}`);
  return value > 0 ? 'inf' : '-inf';
}
