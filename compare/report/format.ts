const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A count or a rate as people read it: "12,345", and decimals only below ten. */
export function grouped(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(value < 1 ? 2 : 1) : whole.format(value);
}

/** Three digits that count, in milliseconds: "0.82", "12.4", "1,240". */
export function ms(value: number): string {
  if (value >= 100) return whole.format(value);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** "one", "two thirds" are for prose; this is for counts with their noun: "1 cell", "3 cells". */
export const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
