import { CommandError, type Reply } from '../reply';
import { toBinaryString, toBytes } from '../binary-string';
import type { Session } from '../session';
import { lauxlib, lua, lualib, type LuaState } from './lua51';
import { isHeapAlmostFull, resetStringBytes } from './memory';
import { errorAtTop, popReply } from './replies';
import { pushRedisLibrary, sha1hex, type RunningScript } from './redis-library';
import { openSandbox, SANDBOX_CHUNK, type Sandbox } from './sandbox';
import { readShebang } from './shebang';
import { pushText, pushTexts, raise, setField, textAt } from './stack';

/** Instructions of Lua's virtual machine that a script may take, about a second's: then it ends with an error. */
const INSTRUCTION_BUDGET = 20_000_000;
/** How often the budget is looked at, in instructions. */
const CHECK_INTERVAL = 100_000;

const CHUNK_NAME = toBytes('@user_script');

interface Script {
  /** Where the compiled function is, in Lua's registry. */
  readonly reference: number;
  readonly readOnly: boolean;
}

/** Where and why a script failed. */
interface Failure {
  readonly message: string;
  readonly position: string;
}

/** Runs Redis' Lua scripts: https://redis.io/docs/latest/develop/interact/programmability/eval-intro/ */
export class ScriptEngine {
  private readonly L: LuaState = lauxlib.luaL_newstate();
  private readonly sandbox: Sandbox;
  private readonly scripts = new Map<string, Script>();
  private running: RunningScript | undefined;
  private checksLeft = 0;
  private failure: Failure | undefined;

  constructor() {
    const { L } = this;
    lualib.luaL_openlibs(L);
    this.sandbox = openSandbox(L, () => pushRedisLibrary(L, () => this.runningScript()));
    lua.lua_atnativeerror(L, (L) => {
      pushText(L, `not enough memory or a bug: ${String(lua.lua_touserdata(L, 1))}`);
      return 1;
    });
  }

  /**
   * Compiles a script and keeps it.
   *
   * @returns its SHA-1
   * @throws CommandError when it doesn't compile
   */
  load(source: string): string {
    const sha = sha1hex(source);
    if (this.scripts.has(sha)) return sha;
    const { L } = this;
    const { code, readOnly } = readShebang(source);
    const bytes = toBytes(code);
    if (bytes[0] === 0x1b) throw new CommandError('ERR Error compiling script (new function): not a text');
    if (lauxlib.luaL_loadbuffer(L, bytes, bytes.length, CHUNK_NAME) !== lua.LUA_OK) {
      const reason = textAt(L, -1);
      lua.lua_settop(L, 0);
      throw new CommandError(`ERR Error compiling script (new function): ${reason}`);
    }
    this.scripts.set(sha, { reference: lauxlib.luaL_ref(L, lua.LUA_REGISTRYINDEX), readOnly });
    return sha;
  }

  has(sha: string): boolean {
    return this.scripts.has(sha.toLowerCase());
  }

  flush(): void {
    for (const { reference } of this.scripts.values()) lauxlib.luaL_unref(this.L, lua.LUA_REGISTRYINDEX, reference);
    this.scripts.clear();
  }

  /**
   * Runs a script as one atomic step. What it has written before an error stays written, as in Redis.
   *
   * @throws CommandError when there is no such script (NOSCRIPT) or it fails
   */
  run(caller: Session, sha: string, keys: readonly string[], argv: readonly string[]): Reply {
    const script = this.scripts.get(sha.toLowerCase());
    if (script === undefined) throw new CommandError('NOSCRIPT No matching script. Please use EVAL.');
    const { L } = this;
    this.begin();
    this.running = { session: caller.server.scriptSession(caller), readOnly: script.readOnly };
    try {
      lua.lua_pushcfunction(L, (L) => this.noteFailure(L));
      lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, this.sandbox.globals);
      setField(L, 'KEYS', () => pushTexts(L, keys));
      setField(L, 'ARGV', () => pushTexts(L, argv));
      lua.lua_pop(L, 1);
      lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, script.reference);
      if (caller.server.freezeTime(() => lua.lua_pcall(L, 0, 1, 1)) === lua.LUA_OK) return popReply(L);
      const { message, position } = this.failure ?? { message: `ERR ${textAt(L, -1)}`, position: '' };
      throw new CommandError(`${message} script: ${sha.toLowerCase()}${position}`);
    } finally {
      this.running = undefined;
      lua.lua_settop(L, 0);
    }
  }

  private begin(): void {
    this.failure = undefined;
    this.checksLeft = INSTRUCTION_BUDGET / CHECK_INTERVAL;
    this.sandbox.reset();
    resetStringBytes();
    lua.lua_sethook(this.L, (L) => this.check(L), lua.LUA_MASKCOUNT, CHECK_INTERVAL);
  }

  /** Ends a script that takes too long or too much; from then on at every instruction, so that its pcall can't go on. */
  private check(L: LuaState): void {
    this.checksLeft -= 1;
    if (this.checksLeft > 0 && !isHeapAlmostFull()) return;
    this.checksLeft = 0;
    lua.lua_sethook(L, (L) => this.check(L), lua.LUA_MASKCOUNT, 1);
    raise(L, `Script killed: it took more than ${INSTRUCTION_BUDGET} instructions or too much memory`);
  }

  /** Notes the error on top of the stack and where it arose, while the stack of calls still stands. */
  private noteFailure(L: LuaState): number {
    const debug = new lua.lua_Debug();
    let position = '';
    for (let level = 1; position === '' && lua.lua_getstack(L, level, debug) !== 0; level += 1) {
      lua.lua_getinfo(L, toBytes('Sl'), debug);
      const source = toBinaryString(debug.source);
      const isScript = debug.currentline > 0 && source !== SANDBOX_CHUNK;
      if (isScript) position = `, on ${source}:${debug.currentline}.`;
    }
    this.failure = { message: this.errorMessage(L), position };
    return 1;
  }

  private errorMessage(L: LuaState): string {
    if (lua.lua_type(L, 1) !== lua.LUA_TTABLE) return `ERR ${textAt(L, 1) ?? 'unknown error'}`;
    lua.lua_pushvalue(L, 1);
    const message = errorAtTop(L);
    lua.lua_pop(L, 1);
    return message ?? 'ERR unknown error';
  }

  private runningScript(): RunningScript {
    if (this.running === undefined) throw new Error('no script is running');
    return this.running;
  }
}
