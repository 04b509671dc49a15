import { KeyObject } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { tokenKey } from './token-key';

const SECRET = 'a secret with an ü in it';

describe('tokenKey', () => {
  it('is a key already, which the library need not make anew for each token', () => {
    expect(tokenKey(SECRET)).toBeInstanceOf(KeyObject);
    expect(tokenKey(SECRET).type).toBe('secret');
  });

  it('agrees with the text that it is made of, so tokens outlive the change from one to the other', () => {
    const [byText, byKey] = [
      new JwtService({ secret: SECRET }),
      new JwtService({ secret: tokenKey(SECRET) }),
    ];

    expect(byKey.verify(byText.sign({ sub: '1' }))).toMatchObject({ sub: '1' });
    expect(byText.verify(byKey.sign({ sub: '1' }))).toMatchObject({ sub: '1' });
    expect(() => byKey.verify<object>(new JwtService({ secret: 'another' }).sign({ sub: '1' }))).toThrow();
  });
});
