const paths = {
  microphone: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6',
  'microphone-off':
    'M9 9v2a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.8-1M6 11a6 6 0 0 0 9.3 5M18 11a6 6 0 0 1-.5 2.4M12 17v4M9 21h6M4 3l16 18',
  camera:
    'M4 7h10a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 14 17H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 7zM15.5 11l6-3.5v9l-6-3.5',
  'camera-off':
    'M9.5 7H14a1.5 1.5 0 0 1 1.5 1.5V12M15.5 15.5A1.5 1.5 0 0 1 14 17H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 7M15.5 11l6-3.5v9l-3.2-1.9M3 3l18 18',
  devices: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM9 15a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20a6.5 6.5 0 0 1 13 0M16 5.2a3.5 3.5 0 0 1 0 6.6M18 14.3a6.5 6.5 0 0 1 3.5 5.7',
  leave: 'M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4M15 8l4 4-4 4M19 12H9',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  'sound-off': 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  'full-screen':
    'M4 9V5.5A1.5 1.5 0 0 1 5.5 4H9M15 4h3.5A1.5 1.5 0 0 1 20 5.5V9M20 15v3.5a1.5 1.5 0 0 1-1.5 1.5H15M9 20H5.5A1.5 1.5 0 0 1 4 18.5V15',
  'picture-in-picture':
    'M3 6.5A1.5 1.5 0 0 1 4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5zM12 12h6v4h-6z',
  stats: 'M5 20v-6M10 20V9M15 20v-8M20 20V4',
  invite: 'M10 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3.5 20a6.5 6.5 0 0 1 13 0M19 8v6M16 11h6',
  edit: 'M4 20l.8-4L16 4.8a1.6 1.6 0 0 1 2.3 0l.9.9a1.6 1.6 0 0 1 0 2.3L8 19.2z',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9.5A1.5 1.5 0 0 1 10.5 8h8A1.5 1.5 0 0 1 20 9.5v9a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 9 18.5zM15 8V5.5A1.5 1.5 0 0 0 13.5 4h-8A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H9',
  share: 'M12 15V3.5M8 7l4-3.5L16 7M6 11H5v9h14v-9h-1',
  remove: 'M10 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3.5 20a6.5 6.5 0 0 1 13 0M16 11h6',
  play: 'M8 5.5v13l10.5-6.5z',
  warning: 'M12 4.5l8.5 15h-17zM12 10v4.5M12 17v.3',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  quality: 'M4 6h16v12H4zM8 10v4M8 12h2.5M10.5 10v4M13.5 10v4h1a2 2 0 0 0 0-4z',
  'share-screen': 'M4 5h16v11H4zM9 20h6M12 16v4M12 13V8M9.5 10.2L12 8l2.5 2.2',
  'share-stop': 'M4 5h16v11H4zM9 20h6M12 16v4M9.5 8.5l5 4.5M14.5 8.5l-5 4.5',
  star: 'M12 4l2.4 5 5.6.8-4 3.9.9 5.5-4.9-2.6-4.9 2.6.9-5.5-4-3.9 5.6-.8z',
  'stage-on': 'M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  'stage-off': 'M3 12s3.5-6 9-6c1.4 0 2.7.4 3.8.95M21 12s-3.5 6-9 6c-1.4 0-2.7-.4-3.8-.95M4 4l16 16',
  pause: 'M8 5.5v13M16 5.5v13',
  loop: 'M5 11V9.5A3.5 3.5 0 0 1 8.5 6H18M15.5 3.5L18 6l-2.5 2.5M19 13v1.5a3.5 3.5 0 0 1-3.5 3.5H6M8.5 15.5L6 18l2.5 2.5',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2',
} as const;

export type IconName = keyof typeof paths;

/** Decoration: whatever carries it has a label of its own. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <circle cx="16" cy="10" r="4" />
      <path d="M8 17h16l-2.4 8.2a1.1 1.1 0 0 1-1.1.8h-9a1.1 1.1 0 0 1-1.1-.8z" />
    </svg>
  );
}
