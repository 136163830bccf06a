import type { CaptureProblem, Device } from '../media/captureProblem.ts';
import { Icon } from './icons.tsx';

interface CaptureProblemCardProps {
  device: Device | 'both';
  problem: CaptureProblem;
  onRetry(): void;
}

/** Says why a device cannot be used, and the way forward. */
export function CaptureProblemCard({ device, problem, onRetry }: CaptureProblemCardProps) {
  const insecure = problem.code === 'insecure';
  return (
    <div class="card problem" role="alert" data-test={`${device}-problem`} data-code={problem.code}>
      <Icon name="warning" />
      <div>
        <strong>{problem.title}</strong>
        <p>{problem.remedy}</p>
        {insecure ? (
          <a class="link" href={secureAddress()} data-test="secure-link">
            Try {secureAddress().split('#')[0]}
          </a>
        ) : (
          <button type="button" class="button small" data-test={`${device}-retry`} onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

/** This page by HTTPS on the same host and port: where a server with ROSTRUM_TLS=self answers. */
function secureAddress(): string {
  return location.href.replace(/^http:/, 'https:');
}
