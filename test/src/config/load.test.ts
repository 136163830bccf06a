import { describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig, wantsHelp } from '../../../src/config/load.ts';
import { flagOf, type Setting, settingNames, settings, variableOf } from '../../../src/config/settings.ts';

describe('the order of precedence', () => {
  test('defaults, then the environment, then flags', () => {
    expect(loadConfig([], {}).port).toBe(8080);
    expect(loadConfig([], { ROSTRUM_PORT: '9000' }).port).toBe(9000);
    expect(loadConfig(['--port', '9001'], { ROSTRUM_PORT: '9000' }).port).toBe(9001);
    expect(loadConfig(['--port=9001', '--port=9002'], {}).port).toBe(9002);
  });

  test('an empty variable is no variable', () => {
    const config = loadConfig([], { ROSTRUM_PORT: '', ROSTRUM_API_KEY: '  ' });
    expect(config.port).toBe(8080);
    expect(config.apiKey).toBeUndefined();
    expect([...config.given]).toEqual([]);
  });

  test('what was given is remembered, what merely looks like a setting is pointed at', () => {
    const config = loadConfig(['--demo', 'off'], {
      ROSTRUM_API_KEY: '12345678',
      ROSTRUM_PROT: '1',
      ROSTRUM_CHROMIUM: 'x',
    });
    expect(config.given).toEqual(new Set(['apiKey', 'demo']));
    expect(config.demo).toBe(false);
    expect(config.warnings).toEqual(['ROSTRUM_PROT is not a setting; --help lists every setting']);
  });
});

describe('values', () => {
  test('lists take commas and repeated flags', () => {
    const args = ['--origins', 'https://a.example', '--origins', 'https://b.example/, http://c.example:81'];
    expect(loadConfig(args, {}).origins).toEqual([
      'https://a.example',
      'https://b.example',
      'http://c.example:81',
    ]);
  });

  test('ports, addresses, servers and URLs become what they stand for', () => {
    const config = loadConfig([], {
      ROSTRUM_RTC_PORTS: '50000-50100',
      ROSTRUM_PUBLIC_ADDRESS: '203.0.113.5,203.0.113.6',
      ROSTRUM_ICE_SERVERS: '[{"urls":["stun:s.example","turns:t.example:443?transport=tcp"]}]',
      ROSTRUM_PUBLIC_URL: 'https://webinar.example/',
    });
    expect(config.rtcPorts).toEqual([50000, 50100]);
    expect(config.publicAddress).toEqual(['203.0.113.5', '203.0.113.6']);
    expect(config.iceServers).toEqual([{ urls: ['stun:s.example', 'turns:t.example:443?transport=tcp'] }]);
    expect(config.publicUrl).toBe('https://webinar.example');
  });
});

describe('a wrong value ends the start with name, value and what is allowed', () => {
  test.each([
    ['ROSTRUM_PORT', '70000', /ROSTRUM_PORT was given "70000"; allowed: a whole number, 0 to 65535/],
    ['ROSTRUM_PORT', '80.5', /a whole number/],
    ['ROSTRUM_RTC_PORTS', '50000-40000', /two ports such as 40000-49999/],
    ['ROSTRUM_RTC_PORTS', '80-90', /1024 to 65535/],
    ['ROSTRUM_VIDEO_CODEC', 'av1', /allowed: vp8, h264/],
    ['ROSTRUM_VIDEO_WIDTH', '641', /ROSTRUM_VIDEO_WIDTH was given 641; allowed: an even number/],
    ['ROSTRUM_PUBLIC_ADDRESS', 'example.org', /an IPv4 address/],
    ['ROSTRUM_PUBLIC_URL', 'ftp://x', /an http:\/\/ or https:\/\/ URL/],
    ['ROSTRUM_ORIGINS', 'https://a.example/page', /an origin such as/],
    ['ROSTRUM_ICE_SERVERS', '[{"urls":"http://x"}]', /JSON such as/],
    ['ROSTRUM_ICE_SERVERS', '{', /JSON such as/],
    ['ROSTRUM_DEMO', 'maybe', /allowed: on, off/],
    ['ROSTRUM_TLS', 'yes', /allowed: off, self/],
    ['ROSTRUM_TLS_CERT', 'cert.pem', /without ROSTRUM_TLS_KEY/],
  ])('%s=%s', (name, value, sentence) => {
    expect(() => loadConfig([], { [name]: value })).toThrow(ConfigError);
    expect(() => loadConfig([], { [name]: value })).toThrow(sentence);
  });

  test('a flag is named as it was written', () => {
    expect(() => loadConfig(['--port', 'x'], {})).toThrow('--port was given "x"');
    expect(() => loadConfig(['--prot', '1'], {})).toThrow(/Unknown option '--prot'.*--help/);
    expect(() => loadConfig(['--port'], {})).toThrow(ConfigError);
    expect(() => loadConfig(['stray'], {})).toThrow(ConfigError);
  });

  test('a secret is not shown', () => {
    expect(() => loadConfig(['--api-key', 'hunter2'], {})).toThrow(
      /--api-key was given a value; allowed: 8 to 512/,
    );
    expect(() => loadConfig(['--api-key', 'hunter2'], {})).not.toThrow(/hunter2/);
  });
});

describe('the table', () => {
  test('every default is an allowed value, every name becomes a flag and a variable', () => {
    for (const name of settingNames) {
      const setting: Setting = settings[name];
      expect(setting.meaning).toMatch(/\w/);
      if (setting.default !== null) expect(() => setting.parser.parse(setting.default!)).not.toThrow();
    }
    expect(flagOf('publicAddress')).toBe('public-address');
    expect(variableOf('publicAddress')).toBe('ROSTRUM_PUBLIC_ADDRESS');
    expect(wantsHelp(['--port', '1', '--help'])).toBe(true);
  });
});
