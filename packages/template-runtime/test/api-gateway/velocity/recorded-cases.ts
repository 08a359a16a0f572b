import { cases } from './recorded-on-aws.json';
import type { TemplateCase } from './template-case';

/** A result that was recorded on AWS, in other words than there; what it shows is named as there. */
export interface RecordedCase extends TemplateCase {
  readonly kind: string;
  readonly recorded: string;
  readonly output: string;
  /** Why the laptop refuses the template. */
  readonly refused?: string;
  /** Only the words were recorded, not the blanks between them. */
  readonly collapsed: boolean;
}

interface WrittenCase extends Omit<RecordedCase, 'collapsed'> {
  readonly collapsed?: boolean;
  /** Set before the template, from the body. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

export const RECORDED: readonly RecordedCase[] = (cases as readonly WrittenCase[]).map(
  ({ variables, collapsed = false, ...written }) => ({
    ...written,
    collapsed,
    ...(variables && {
      body: JSON.stringify(variables),
      template: `${Object.keys(variables).map(setFromBody).join('')}\n${written.template}`,
    }),
  }),
);

const KINDS = [...new Set(RECORDED.map(({ kind }) => kind))];

/** How many of them the laptop gives as recorded, and how many it refuses, by kind: the table in docs/local-runtime.md. */
export function score(passes: (recorded: RecordedCase) => boolean): string[][] {
  return [...KINDS, 'all'].map((kind) => {
    const ofKind = RECORDED.filter((recorded) => kind === 'all' || recorded.kind === kind);
    const count = (holds: (recorded: RecordedCase) => boolean): string => String(ofKind.filter(holds).length);
    return [kind, count(passes), count(({ refused }) => refused !== undefined), count(() => true)];
  });
}

export const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim();

function setFromBody(name: string): string {
  return `#set($${name} = $input.path('$.${name}'))`;
}
