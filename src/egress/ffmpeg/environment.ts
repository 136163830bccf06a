/** What a child of egress inherits: nothing of ours that is secret. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('ROSTRUM_') && name !== 'NODE_OPTIONS' && name !== 'FFREPORT',
  );
  return Object.fromEntries(kept);
}
