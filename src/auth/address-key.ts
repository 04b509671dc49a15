import { isIPv6 } from 'node:net';

const NETWORK_GROUPS = 4;

/**
 * Under what an address is counted: an IPv4 address as it is, an IPv6 address by its /64 network,
 * all of which belongs to one customer.
 */
export function addressKey(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return address;

  const [head = '', tail] = bare.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const left =
    tail === undefined ? before : [...before, ...zeros(8 - before.length - after.length), ...after];
  return `${left
    .slice(0, NETWORK_GROUPS)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

function zeros(count: number): string[] {
  return Array<string>(Math.max(0, count)).fill('0');
}
