import { expect, test } from '@jest/globals';
import { captureProblem, explain } from '../../../web/src/media/captureProblem.ts';
import { chooseable } from '../../../web/src/media/devices.ts';

test.each([
  ['NotAllowedError', 'Permission denied', 'denied', /Allow/],
  ['NotAllowedError', 'Permission denied by system', 'denied-by-system', /privacy settings/],
  ['NotReadableError', 'Could not start video source', 'busy', /Close the other/],
  ['NotFoundError', 'Requested device not found', 'missing', /Plug one in/],
  ['OverconstrainedError', '', 'missing', /Plug one in/],
  ['TypeError', 'odd', 'failed', /odd/],
])('%s (%s) is told as %s', (name, message, code, remedy) => {
  const problem = captureProblem('camera', { name, message });
  expect(problem.code).toBe(code);
  expect(problem.title).toMatch(/camera/);
  expect(problem.remedy).toMatch(remedy);
});

test('without HTTPS the remedy is an address and a setting', () => {
  expect(explain('microphone', 'insecure')).toMatchObject({
    title: expect.stringContaining('microphone'),
    remedy: expect.stringMatching(/https:\/\/.*ROSTRUM_TLS=self/),
  });
});

test('whatever was thrown, there are words for it', () => {
  for (const thrown of [undefined, null, 'text', {}])
    expect(captureProblem('camera', thrown).code).toBe('failed');
});

test('devices without an id cannot be chosen; those without a name get one', () => {
  const device = (kind: string, deviceId: string, label: string) =>
    ({ kind, deviceId, label }) as MediaDeviceInfo;
  expect(
    chooseable([
      device('videoinput', '', ''),
      device('videoinput', 'v1', 'Front'),
      device('videoinput', 'v2', ''),
      device('audioinput', 'a1', ''),
      device('audiooutput', 'o1', 'Loudspeaker'),
    ]),
  ).toEqual({
    cameras: [
      { id: 'v1', label: 'Front' },
      { id: 'v2', label: 'Camera 2' },
    ],
    microphones: [{ id: 'a1', label: 'Microphone 1' }],
  });
});
