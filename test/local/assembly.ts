import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { synthesize } from '../../local/synthesize';

const TEMPLATE = 'AtomicCounter.template.json';

export type Mode = 'unconditional' | 'conditional';

const SETTINGS: Readonly<Record<Mode, (limit: number) => Readonly<Record<string, string>>>> = {
  unconditional: () => ({ USE_CONDITIONAL_WRITES: 'false' }),
  conditional: (limit) => ({ USE_CONDITIONAL_WRITES: 'true', MAX_COUNTER_VALUE: String(limit) }),
};

/** An assembly of a test's own. */
export interface EditedAssembly {
  readonly folder: string;
  remove(): void;
}

/**
 * All stores, with a throttle that no test reaches unless it edits it.
 *
 * @param limit of the conditional mode
 * @returns the folder of a shared assembly
 */
export function assembly(mode: Mode, limit = 20): Promise<string> {
  return sharedAssembly({ THROTTLE_RATE: '100000', THROTTLE_BURST: '100000', ...SETTINGS[mode](limit) });
}

/**
 * Synthesizes what these settings make, once in a run of the tests.
 *
 * @param settings override those of `.env` and the environment
 * @returns the assembly's absolute folder: to be started, never to be changed; gone when the run has ended
 */
export async function sharedAssembly(settings: Readonly<Record<string, string>>): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16);
  const shared = path.join(process.env['TEST_ASSEMBLIES'] ?? '', name); // made by global-setup.js
  if (existsSync(shared)) return shared;
  const own = await synthesize({ outputFolder: `${shared}-${process.pid}`, settings });
  try {
    renameSync(own, shared);
  } catch (error) {
    if (!existsSync(shared)) throw error; // else another worker has just made the same
    rmSync(own, { recursive: true });
  }
  return shared;
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
export function editedAssembly(original: string, edit: (template: EditableTemplate) => void): EditedAssembly {
  const folder = mkdtempSync(`${original}-edited-`);
  cpSync(original, folder, { recursive: true });
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
