import type { TemplateResource } from 'template-runtime/cloudformation';

/** The store that a resource's metadata names: of a secret with an address, or of a function that calls the store. */
export function markedStore({ metadata }: TemplateResource): string | undefined {
  return metadata['atomic-counter:store'] as string | undefined;
}
