import { createHash } from 'node:crypto';
import { CommandError, type Reply } from '../reply';
import { toBinaryString, toBytes } from '../binary-string';
import { lauxlib, lua, lualib, raiseAnywhere, type LuaState } from './lua51';
import { isHeapExhausted, liftMemoryLimit, limitMemory } from './memory';
import { ReplyReader } from './replies';
import { pushRedisLibrary, type CommandCaller } from './redis-library';
import { openSandbox, SANDBOX_CHUNK } from './sandbox';
import { keepText, pushText, pushTexts, textAt } from './stack';

/** Instructions of Lua's virtual machine that a script may take, about a second's: then it ends with an error. */
const INSTRUCTION_BUDGET = 10_000_000;
/** What a call of a command costs of it, by the time that it takes. */
const COMMAND_COST = 25;
/** How long a script may take, in milliseconds: Redis' `busy-reply-threshold`, for the instructions that are slow. */
const TIME_BUDGET_MS = 5000;
/** How often the budgets are looked at, in instructions. */
const CHECK_INTERVAL = 50_000;

const CHUNK_NAME = toBytes('@user_script');

/** Where and why a script failed. */
interface Failure {
  readonly message: string;
  readonly position: string;
}

/** Runs Redis' Lua scripts: https://redis.io/docs/latest/develop/interact/programmability/eval-intro/ */
export class ScriptEngine {
  private readonly L: LuaState = lauxlib.luaL_newstate();
  /** Where the globals of scripts are, in Lua's registry. */
  private readonly globals: number;
  /** Where the names KEYS and ARGV are there. */
  private readonly names: { readonly keys: number; readonly argv: number };
  private readonly replies: ReplyReader;
  /** By its SHA-1, where a compiled script is in Lua's registry. */
  private readonly scripts = new Map<string, number>();
  /** Of the script that is running. */
  private caller: CommandCaller | undefined;
  private instructionsLeft = 0;
  private deadline = 0;
  private failure: Failure | undefined;

  constructor() {
    const { L } = this;
    lualib.luaL_openlibs(L);
    this.names = { keys: keepText(L, 'KEYS'), argv: keepText(L, 'ARGV') };
    this.replies = new ReplyReader(L);
    this.globals = openSandbox(L, () => pushRedisLibrary(L, () => this.runningCaller()));
    // Such as a string longer than JavaScript allows: an error like any other, which a script may catch.
    lua.lua_atnativeerror(L, (L) => {
      pushText(L, String(lua.lua_touserdata(L, 1)));
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
    const sha = createHash('sha1').update(source, 'latin1').digest('hex');
    if (this.scripts.has(sha)) return sha;
    const { L } = this;
    const bytes = toBytes(source);
    if (bytes[0] === 0x1b) throw new CommandError('ERR Error compiling script (new function): not a text');
    if (lauxlib.luaL_loadbuffer(L, bytes, bytes.length, CHUNK_NAME) !== lua.LUA_OK) {
      const reason = textAt(L, -1);
      lua.lua_settop(L, 0);
      throw new CommandError(`ERR Error compiling script (new function): ${reason}`);
    }
    this.scripts.set(sha, lauxlib.luaL_ref(L, lua.LUA_REGISTRYINDEX));
    return sha;
  }

  has(sha: string): boolean {
    return this.scripts.has(sha.toLowerCase());
  }

  /**
   * @returns the SHA-1 as the engine has it
   * @throws CommandError when there is no such script (NOSCRIPT)
   */
  find(sha: string): string {
    const key = sha.toLowerCase();
    if (!this.scripts.has(key)) throw new CommandError('NOSCRIPT No matching script. Please use EVAL.');
    return key;
  }

  flush(): void {
    for (const reference of this.scripts.values()) lauxlib.luaL_unref(this.L, lua.LUA_REGISTRYINDEX, reference);
    this.scripts.clear();
  }

  /**
   * Runs a script as one atomic step. What it has written before an error stays written, as in Redis.
   *
   * @param sha as `load` or `find` gave it
   * @param caller carries out its commands
   * @throws CommandError when it fails
   */
  run(sha: string, keys: readonly string[], argv: readonly string[], caller: CommandCaller): Reply {
    const script = this.scripts.get(sha);
    if (script === undefined) throw new Error(`there is no script ${sha}`);
    const { L } = this;
    this.begin();
    this.caller = caller;
    try {
      lua.lua_pushcfunction(L, (L) => this.noteFailure(L));
      this.setGlobal(this.names.keys, keys);
      this.setGlobal(this.names.argv, argv);
      lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, script);
      // Its environment anew: in Lua 5.3 a script can assign it, as `_ENV`, and is kept with what it assigned.
      lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, lua.LUA_RIDX_GLOBALS);
      lua.lua_setupvalue(L, -2, 1);
      limitMemory((L) => this.kill(L, 'too much memory'));
      const status = lua.lua_pcall(L, 0, 1, 1);
      liftMemoryLimit();
      if (status === lua.LUA_OK) return this.replies.pop(L);
      const { message, position } = this.failure ?? { message: `ERR ${textAt(L, -1)}`, position: '' };
      throw new CommandError(`${message} script: ${sha}${position}`);
    } finally {
      this.caller = undefined;
      lua.lua_settop(L, 0);
    }
  }

  private begin(): void {
    this.failure = undefined;
    this.instructionsLeft = INSTRUCTION_BUDGET;
    this.deadline = performance.now() + TIME_BUDGET_MS;
    lua.lua_sethook(this.L, (L) => this.check(L), lua.LUA_MASKCOUNT, CHECK_INTERVAL);
  }

  private setGlobal(name: number, texts: readonly string[]): void {
    const { L } = this;
    lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, this.globals);
    lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, name);
    pushTexts(L, texts);
    lua.lua_rawset(L, -3);
    lua.lua_pop(L, 1);
  }

  /** Looks, now and then, at what the script has taken. */
  private check(L: LuaState): void {
    this.instructionsLeft -= CHECK_INTERVAL;
    if (this.instructionsLeft <= 0) this.kill(L, `more than ${INSTRUCTION_BUDGET} instructions`);
    if (performance.now() > this.deadline) this.kill(L, `more than ${TIME_BUDGET_MS} ms`);
    if (isHeapExhausted()) this.kill(L, 'too much memory');
  }

  /** Ends the script by an error, from now on at every instruction, so that its pcall can't go on. */
  private kill(L: LuaState, reason: string): never {
    this.instructionsLeft = 0;
    lua.lua_sethook(L, (L) => this.check(L), lua.LUA_MASKCOUNT, 1);
    return raiseAnywhere(L, toBytes(`Script killed: it took ${reason}`));
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
    // What the sandbox raises for a script has no line that the script's author could look up.
    const message = this.errorMessage(L).replace(/^ERR sandbox:\d+: /, 'ERR ');
    this.failure = { message, position };
    return 1;
  }

  private errorMessage(L: LuaState): string {
    if (lua.lua_type(L, 1) !== lua.LUA_TTABLE) {
      const text = textAt(L, 1) ?? toBinaryString(lua.lua_typename(L, lua.lua_type(L, 1)));
      return `ERR ${text}`;
    }
    lua.lua_pushvalue(L, 1);
    const message = this.replies.errorAtTop(L);
    lua.lua_pop(L, 1);
    return message ?? 'ERR unknown error';
  }

  /** Carries out what the script that is running calls. */
  private runningCaller(): CommandCaller {
    if (this.caller === undefined) throw new Error('no script is running');
    this.instructionsLeft -= COMMAND_COST;
    return this.caller;
  }
}
