import { aTestConfig } from '../../test/support/test-config';
import { allowedOrigins } from './allowed-origins';

const originsOf = (publicUrl: string, corsOrigins: string[] = []) => [
  ...allowedOrigins(aTestConfig({ publicUrl, corsOrigins })),
];

describe('allowedOrigins', () => {
  it('are that of the public URL, without its path, and those of the setting', () => {
    expect(originsOf('https://chat.example.org/base', ['https://app.example.org'])).toEqual([
      'https://chat.example.org',
      'https://app.example.org',
    ]);
  });

  it('take the loopback names for each other, on the same port alone', () => {
    expect(originsOf('http://localhost:8000')).toEqual([
      'http://localhost:8000',
      'http://127.0.0.1:8000',
      'http://[::1]:8000',
    ]);
  });

  it('write an origin as browsers do, without the default port', () => {
    expect(originsOf('https://chat.example.org:443')).toEqual(['https://chat.example.org']);
  });
});
