import type { TemplateResource } from 'template-runtime/cloudformation';

/** The store that a resource is noted to be for: a secret with an address, or the function of the store's calls. */
export function markedStore({ metadata }: TemplateResource): string | undefined {
  return metadata['atomic-counter:store'] as string | undefined;
}
