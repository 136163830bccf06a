/** What a person may do in a room, by the role their join token carries. */
export type Role = 'host' | 'co-host' | 'panelist' | 'viewer';

/** Everybody but viewers may send a camera or a screen. */
export function mayPublish(role: Role): boolean {
  return role !== 'viewer';
}
