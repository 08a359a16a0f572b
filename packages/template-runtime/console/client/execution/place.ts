import { executionLink } from '../links';

const FIELDS = ['state', 'visit', 'tab', 'view', 'part', 'all'] as const;

/** What of an execution is looked at: the address has it, so that a link or a reload leads back there. */
export type Place = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;

export interface PlaceInAddress {
  /** What the address said when the page was opened. */
  readonly first: Place;
  /** Puts other values into the address, without a new entry in the history: Back leaves the execution. */
  change(place: { readonly [Field in keyof Place]: Place[Field] | undefined }): void;
}

export function placeInAddress(parameters: URLSearchParams): PlaceInAddress {
  const arn = parameters.get('arn') ?? '';
  const first = Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = parameters.get(field);
      return value === null ? [] : [[field, value]];
    }),
  ) as Place;
  let place: { readonly [Field in keyof Place]: Place[Field] | undefined } = first;
  return {
    first,
    change(next) {
      place = { ...place, ...next };
      history.replaceState(null, '', executionLink(arn, place));
    },
  };
}
