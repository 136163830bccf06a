import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { IceAgent } from '../../../../src/rtc/ice/agent.ts';
import { createCredentials, type IceCredentials } from '../../../../src/rtc/ice/session.ts';
import { StunType, writeStun, writeSuccess } from '../../../../src/rtc/ice/stun.ts';

const USERNAME = 0x0006;
const peer = { address: '192.0.2.7', port: 5_000 };

/** A check of the peer's, with the credentials of one generation. */
function checkOf(local: IceCredentials, remote: IceCredentials): Buffer {
  const username = Buffer.from(`${local.ufrag}:${remote.ufrag}`);
  return writeStun(StunType.REQUEST, randomBytes(12), local.password, [[USERNAME, username]]);
}

/** An agent whose first check is answered, so that it has a pair in use. */
async function connected(remote: IceCredentials): Promise<IceAgent> {
  return new Promise((resolve) => {
    const agent = new IceAgent(remote, 4, {
      send: (check, port, address) => {
        if (agent.selected !== undefined) return;
        agent.receive(writeSuccess(check.subarray(8, 20), address, port, remote.password), address, port);
      },
      selected: () => resolve(agent),
      settled: () => {},
      unsettled: () => {},
      failed: () => {},
    });
    agent.addRemoteCandidate({ ...peer, priority: 1 });
  });
}

test('the pair in use keeps its credentials through several restarts that find nothing', async () => {
  const remote = createCredentials();
  const agent = await connected(remote);
  try {
    const local = agent.local;
    const second = createCredentials();
    agent.restart(second);
    const between = agent.local;
    agent.restart(createCredentials());
    expect(agent.receive(checkOf(local, remote), peer.address, peer.port)).toBe(true);
    expect(agent.receive(checkOf(between, second), peer.address, peer.port)).toBe(false);
  } finally {
    agent.close();
  }
});
