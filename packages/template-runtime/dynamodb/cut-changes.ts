import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';

interface Table {
  readonly TableStatus: string;
}

/** What dynalite puts between the parts of a key, and the character behind it. */
const SEPARATOR = '~';
const BEHIND_SEPARATOR = '\x7f';

/**
 * Completes what dynalite was doing when its process was killed: it would never go on creating, changing or deleting a
 * table, which could then not be used.
 *
 * @throws Error naming the folder where it can't be opened
 */
export async function endCutChanges(folder: string): Promise<void> {
  checkCurrent(folder);
  const level = new ClassicLevel<string, Table>(folder, { valueEncoding: 'json' });
  try {
    await level.open();
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${folder} can't be opened: ${reason}`, { cause: error });
  }
  try {
    for await (const [key, table] of level.iterator(within('table'))) {
      if (table.TableStatus === 'ACTIVE') continue;
      if (table.TableStatus === 'DELETING') await deleteTable(level, key);
      else await level.put(key, { ...table, TableStatus: 'ACTIVE' });
    }
  } finally {
    await level.close();
  }
}

/** Without the file that names the newest state LevelDB would begin an empty one, and delete what is there. */
function checkCurrent(folder: string): void {
  if (!existsSync(folder) || existsSync(path.join(folder, 'CURRENT'))) return;
  const [left] = readdirSync(folder).filter((name) => /^MANIFEST-|\.(?:ldb|log)$/.test(name));
  if (left === undefined) return;
  throw new Error(`${folder} is damaged: it has ${left}, but no CURRENT. Move it away to start without it`);
}

async function deleteTable(level: ClassicLevel<string, Table>, key: string): Promise<void> {
  const name = key.slice(`table${SEPARATOR}`.length);
  const kinds = [`item-${name}`, `index-local${SEPARATOR}${name}`, `index-global${SEPARATOR}${name}`, `tag-${name}`];
  for (const kind of kinds) await level.clear(within(kind));
  await level.del(key);
}

const within = (prefix: string): { gte: string; lt: string } => ({
  gte: `${prefix}${SEPARATOR}`,
  lt: `${prefix}${BEHIND_SEPARATOR}`,
});
