/** Sets a property of an object's own, also one that is named `__proto__`: an assignment would change what it inherits. */
export function setOwn(target: object, name: string | number, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  else (target as Record<string | number, unknown>)[name] = value;
}
