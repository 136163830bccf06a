export interface DeviceChoice {
  id: string;
  label: string;
}

export interface DeviceList {
  cameras: DeviceChoice[];
  microphones: DeviceChoice[];
}

type Listed = Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>;

/** Devices one can choose from; without permission browsers list none by name, and those are left out. */
export function chooseable(devices: Listed[]): DeviceList {
  const of = (kind: MediaDeviceKind, word: string) =>
    devices
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map((device, index) => ({ id: device.deviceId, label: device.label || `${word} ${index + 1}` }));
  return { cameras: of('videoinput', 'Camera'), microphones: of('audioinput', 'Microphone') };
}

export async function listDevices(): Promise<DeviceList> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  return chooseable(devices ?? []);
}
