import type { RawTemplate, UnsupportedTemplateError } from '../cloudformation';

/** A part of a template, and whether a resource is missing as a whole. */
export interface Remainder {
  readonly template: RawTemplate;
  readonly isWhole: boolean;
}

/** A template without what an error names: the property alone where that is enough, else the whole resource or output. */
export function takeOut(raw: RawTemplate, { logicalId, field, isPropertyAlone }: UnsupportedTemplateError): Remainder {
  const copy = structuredClone(raw) as { -readonly [Part in keyof RawTemplate]: RawTemplate[Part] };
  const resource = Object.hasOwn(copy.Resources, logicalId) ? copy.Resources[logicalId] : undefined;
  if (resource && isPropertyAlone && deleteAt(resource.Properties, field)) return { template: copy, isWhole: false };
  if (resource) delete (copy.Resources as Record<string, unknown>)[logicalId];
  else if (copy.Outputs && Object.hasOwn(copy.Outputs, logicalId))
    delete (copy.Outputs as Record<string, unknown>)[logicalId];
  else delete copy.Transform;
  return { template: copy, isWhole: true };
}

/**
 * Deletes what stands at a path such as `Targets[0].EcsParameters`; names in it may have dots themselves.
 *
 * @returns whether it was there: an intrinsic function on the way hides it
 */
function deleteAt(value: unknown, path: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    const [whole, index] = /^\[(\d+)\]/.exec(path) ?? [];
    if (whole === undefined || value.some(isIntrinsic)) return false; // one may give nothing, and move what follows
    if (path !== whole) return deleteAt(value[Number(index)], path.slice(whole.length).replace(/^\./, ''));
    return value.splice(Number(index), 1).length === 1;
  }
  const fields = value as Record<string, unknown>;
  if (Object.hasOwn(fields, path)) return delete fields[path];
  const name = Object.keys(fields).find((key) => path.startsWith(`${key}.`) || path.startsWith(`${key}[`));
  return name !== undefined && deleteAt(fields[name], path.slice(name.length).replace(/^\./, ''));
}

const isIntrinsic = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
