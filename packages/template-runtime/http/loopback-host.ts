/**
 * Whether a host is this machine.
 *
 * @param host a name, or an address without brackets
 */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
}
