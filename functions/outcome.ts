/** How an increment ended that the store answered. */
export type Outcome =
  | {
      status: 'incremented';
      /** The value that this call wrote. */
      counter: number;
      /** How often another call was faster, and the store repeated what surely had not been written. @default - never */
      conflicts?: number;
    }
  | {
      status: 'limit-reached';
      /**
       * The value that left no room. A step of one is told where the store returns it at no extra cost, a longer one
       * unless the read that finds it fails.
       */
      counter?: number;
    };
