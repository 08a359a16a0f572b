/** What fills the page below its header. */
export interface View {
  readonly title: string;
  readonly element: HTMLElement;
  /** Ends what it repeats. */
  close(): void;
}

/** Opens a view by the parameters in the address. */
export type OpenView = (parameters: URLSearchParams) => View;
