import { CommandError } from '../reply';

const FLAGS = ['no-writes', 'allow-oom', 'allow-stale', 'no-cluster', 'allow-cross-slot-keys'];

/**
 * Reads a script's first line, such as `#!lua flags=no-writes`:
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#script-flags
 *
 * @throws CommandError when it names another engine or an unknown option
 */
export function readShebang(source: string): { code: string; readOnly: boolean } {
  if (!source.startsWith('#!')) return { code: source, readOnly: false };
  const end = source.indexOf('\n');
  if (end === -1) throw new CommandError('ERR Invalid script shebang');
  const [engine, ...options] = source
    .slice(0, end)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (engine !== '#!lua') throw new CommandError(`ERR Unexpected engine in script shebang: ${engine}`);
  let flags: string[] = [];
  for (const option of options) {
    if (!option.startsWith('flags=')) throw new CommandError(`ERR Unknown lua shebang option: ${option}`);
    flags = option.slice('flags='.length).split(',');
  }
  for (const flag of flags) {
    if (!FLAGS.includes(flag)) throw new CommandError(`ERR Unexpected flag in script shebang: ${flag}`);
  }
  // The line stays as an empty one, so that errors name the right line.
  return { code: source.slice(end), readOnly: flags.includes('no-writes') };
}
