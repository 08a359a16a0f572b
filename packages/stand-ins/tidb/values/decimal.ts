/** An exact decimal number, `unscaled / 10^scale`: what MySQL calls DECIMAL. */
export class Decimal {
  /** @param scale digits after the point, 0 or more */
  constructor(
    readonly unscaled: bigint,
    readonly scale: number,
  ) {}

  /** Reads `[-+]digits[.digits]`; the caller has checked the form. */
  static parse(text: string): Decimal {
    const point = text.indexOf('.');
    if (point < 0) return new Decimal(BigInt(text), 0);
    const digits = text.slice(0, point) + text.slice(point + 1);
    return new Decimal(BigInt(/^[-+]?$/.test(digits) ? 0 : digits), text.length - point - 1);
  }

  static of(value: bigint | Decimal): Decimal {
    return typeof value === 'bigint' ? new Decimal(value, 0) : value;
  }

  /** Rounds half away from zero where digits are lost. */
  rescale(scale: number): Decimal {
    if (scale >= this.scale) return new Decimal(this.unscaled * 10n ** BigInt(scale - this.scale), scale);
    return new Decimal(divideRounding(this.unscaled, 10n ** BigInt(this.scale - scale)), scale);
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.rescale(scale).unscaled + other.rescale(scale).unscaled, scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(new Decimal(-other.unscaled, other.scale));
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  /**
   * @param other not zero
   * @param moreDigits MySQL's `div_precision_increment`: the quotient has this many digits more than the dividend
   */
  dividedBy(other: Decimal, moreDigits = 4): Decimal {
    const scale = this.scale + moreDigits;
    const dividend = this.unscaled * 10n ** BigInt(moreDigits + other.scale);
    return new Decimal(divideRounding(dividend, other.unscaled), scale);
  }

  /** The remainder with the dividend's sign. @param other not zero */
  remainder(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.rescale(scale).unscaled % other.rescale(scale).unscaled, scale);
  }

  compare(other: Decimal): number {
    const difference = this.minus(other).unscaled;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /** The nearest integer, halves away from zero. */
  round(): bigint {
    return this.rescale(0).unscaled;
  }

  toNumber(): number {
    return Number(this.toString());
  }

  toString(): string {
    if (this.scale === 0) return this.unscaled.toString();
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0');
    return `${negative ? '-' : ''}${digits.slice(0, -this.scale)}.${digits.slice(-this.scale)}`;
  }
}

function divideRounding(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  if (twice < (divisor < 0n ? -divisor : divisor)) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}
