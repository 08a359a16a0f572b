import type { GraphNode, Jump } from './model';

/** How wide a text is in the font of a state's name, in pixels. */
export type Measure = (text: string) => number;

export interface Size {
  readonly width: number;
  readonly height: number;
}

const TARGET_WIDTH = 176;
/** A name takes three lines at most; one that needs more gets a wider box instead. */
const MOST_LINES = 3;
const LINE_HEIGHT = 18;
const TYPE_HEIGHT = 17;
const PADDING = { width: 26, height: 16 };
const LEAST_WIDTH = 104;
const JUMP_HEIGHT = 18;

/** The size of a state's box: its whole name stands in it, for a name that is cut doesn't tell it from the next one. */
export function sizeOfNode({ name, folded, jumps }: GraphNode, measure: Measure): Size {
  if (jumps) {
    const longest = Math.max(...jumps.map((jump) => measure(jumpText(jump))));
    return { width: Math.ceil(longest * 0.86) + 16, height: jumps.length * JUMP_HEIGHT + 8 };
  }
  if (folded !== undefined) return { width: measure(moreText(folded)) + PADDING.width, height: 30 };
  let width = TARGET_WIDTH;
  let lines = wrapped(name, width, measure);
  while (lines.length > MOST_LINES) lines = wrapped(name, (width += 24), measure);
  const longest = Math.max(LEAST_WIDTH, ...lines.map(measure));
  return {
    width: Math.ceil(longest) + PADDING.width,
    height: lines.length * LINE_HEIGHT + TYPE_HEIGHT + PADDING.height,
  };
}

/** The size of what is written on a way, which is smaller than a state's name. */
export function sizeOfLabel(label: string, measure: Measure): Size {
  return { width: Math.ceil(measure(label) * 0.8) + 10, height: 17 };
}

export function jumpText({ label, to }: Jump): string {
  return label === '' ? `to ${to}` : `${label}: ${to}`;
}

export function moreText(folded: number): string {
  return `+${folded} more ${folded === 1 ? 'way' : 'ways'}`;
}

/** Breaks a text between words, as a browser does. */
export function wrapped(text: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const joined = `${last} ${word}`;
    if (last !== undefined && measure(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}
