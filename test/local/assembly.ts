import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { synthesize } from '../../local/synthesize';

const FOLDER = 'cdk.out.test';
const TEMPLATE = 'AtomicCounter.template.json';

export type Mode = 'unconditional' | 'conditional';

const SETTINGS: Readonly<Record<Mode, (limit: number) => Readonly<Record<string, string>>>> = {
  unconditional: () => ({ USE_CONDITIONAL_WRITES: 'false' }),
  conditional: (limit) => ({ USE_CONDITIONAL_WRITES: 'true', MAX_COUNTER_VALUE: String(limit) }),
};

export interface Assembly {
  readonly folder: string;
  remove(): void;
}

/**
 * Synthesizes all stores, with a throttle that no test reaches unless it edits it.
 *
 * @param limit of the conditional mode
 */
export async function assembly(mode: Mode, limit = 20): Promise<Assembly> {
  const folder = await synthesize({
    outputFolder: path.join(FOLDER, `${mode}-${process.pid}-${Date.now()}`),
    settings: { THROTTLE_RATE: '100000', THROTTLE_BURST: '100000', ...SETTINGS[mode](limit) },
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface EditableResource {
  Type: string;
  // Tests reach into properties whose shape they know from the template.
  Properties: EditableProperties;
}

export interface EditableProperties {
  [name: string]: EditableProperties & string & number & EditableProperties[];
}

export interface EditableTemplate {
  Resources: Record<string, EditableResource>;
}

/** A copy of an assembly whose template's JSON was edited, and nothing else. */
export function editedAssembly(original: Assembly, edit: (template: EditableTemplate) => void): Assembly {
  const folder = mkdtempSync(`${original.folder}-edited-`);
  cpSync(original.folder, folder, { recursive: true });
  const file = path.join(folder, TEMPLATE);
  const template = JSON.parse(readFileSync(file, 'utf8')) as EditableTemplate;
  edit(template);
  writeFileSync(file, JSON.stringify(template));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The resources of a type, by logical id. */
export function resourcesOf(template: EditableTemplate, type: string): [string, EditableResource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}
