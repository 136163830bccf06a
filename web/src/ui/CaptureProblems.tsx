import { type CaptureProblem, type Device, explainBoth } from '../media/captureProblem.ts';
import { Icon } from './icons.tsx';

interface CaptureProblemsProps {
  audio: CaptureProblem | null;
  video: CaptureProblem | null;
  onRetry(): void;
}

/** What stands in the way of camera and microphone; one card when it is the same for both. */
export function CaptureProblems({ audio, video, onRetry }: CaptureProblemsProps) {
  if (audio && audio.code === video?.code) {
    return <Card device="both" problem={explainBoth(audio.code)} onRetry={onRetry} />;
  }
  return (
    <>
      {video && <Card device="camera" problem={video} onRetry={onRetry} />}
      {audio && <Card device="microphone" problem={audio} onRetry={onRetry} />}
    </>
  );
}

interface CardProps {
  device: Device | 'both';
  problem: CaptureProblem;
  onRetry(): void;
}

/** Says why a device cannot be used, and the way forward. */
function Card({ device, problem, onRetry }: CardProps) {
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
