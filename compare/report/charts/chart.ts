/** A figure of the report. */
export interface Chart {
  /** Where a link finds it. */
  readonly id: string;
  readonly title: string;
  /** How to read it: a sentence. */
  readonly reading: string;
  /** What it doesn't show: a sentence. */
  readonly limits: string;
  /** An SVG element. */
  readonly svg: string;
  /** The symbols that the picture itself doesn't name. */
  readonly legend: readonly { readonly symbol: string; readonly name: string }[];
  /** What isn't in the picture, and why. */
  readonly leftOut: readonly string[];
  /** The same numbers: a head, and rows. */
  readonly table: readonly (readonly string[])[];
}
