import { describe, expect, it } from 'vitest';
import { defaultProfileFolder } from './profileFolder.js';

describe('defaultProfileFolder', () => {
  it('follows XDG_CONFIG_HOME where it is absolute', () => {
    const at = (xdg: string | undefined): string =>
      defaultProfileFolder({
        platform: 'linux',
        env: { XDG_CONFIG_HOME: xdg },
        homeFolder: '/home/a',
      });
    expect(at('/conf')).toBe('/conf/rookery');
    expect(at('relative')).toBe('/home/a/.config/rookery');
    expect(at('')).toBe('/home/a/.config/rookery');
    expect(at(undefined)).toBe('/home/a/.config/rookery');
  });

  it("uses each platform's own place", () => {
    const mac = { platform: 'darwin', env: {}, homeFolder: '/Users/a' } as const;
    expect(defaultProfileFolder(mac)).toBe('/Users/a/Library/Application Support/rookery');
    const windows = {
      platform: 'win32',
      env: { APPDATA: 'C:/Roaming' },
      homeFolder: 'C:/a',
    } as const;
    expect(defaultProfileFolder(windows)).toContain('C:/Roaming');
  });
});
