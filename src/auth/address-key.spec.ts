import { addressKey } from './address-key';

describe('addressKey', () => {
  it('leaves an IPv4 address as it is', () => {
    expect(addressKey('192.0.2.1')).toBe('192.0.2.1');
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['2001:db8::1', '2001:0DB8:0:0:0:0:0:2'],
    ['2001:db8:0:0:1::', '2001:db8::5:0:0:0'],
    ['::1', '::2'],
    ['fe80::1%eth0', 'fe80::2%eth1'],
  ])('counts %s and %s, of one /64, as one', (first, second) => {
    expect(addressKey(first)).toBe(addressKey(second));
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8::1', '2001:db8:0:1::1'],
    ['::1', '2001:db8::1'],
  ])('tells %s from %s', (first, second) => {
    expect(addressKey(first)).not.toBe(addressKey(second));
  });
});
