import type { Graphic } from '../../room/graphics.ts';

/** About how it will look over the picture, in small. */
export function GraphicPreview({ graphic }: { graphic: Graphic }) {
  return (
    <div class={`graphic-preview ${graphic.type}`} data-test="graphic-preview" aria-hidden="true">
      <Inside graphic={graphic} />
    </div>
  );
}

function Inside({ graphic }: { graphic: Graphic }) {
  switch (graphic.type) {
    case 'lower-third':
      return (
        <p>
          <strong>{graphic.title}</strong>
          {graphic.subtitle && <span>{graphic.subtitle}</span>}
        </p>
      );
    case 'logo':
      return <span class={graphic.corner}>{graphic.image || 'Logo'}</span>;
    case 'ticker':
      return <p>{graphic.text}</p>;
    case 'countdown':
      return (
        <p>
          {graphic.title && <span>{graphic.title}</span>}
          <strong>{graphic.minutes}:00</strong>
        </p>
      );
    case 'card':
      return (
        <div>
          <strong>{graphic.title}</strong>
          {graphic.lines.map(({ text, share }, at) => (
            <span key={at} style={{ '--share': share ?? 0 }}>
              {text} {share !== null && `${Math.round(share * 100)} %`}
            </span>
          ))}
        </div>
      );
    case 'slate':
      return (
        <p>
          <strong>{graphic.title}</strong>
          {graphic.text && <span>{graphic.text}</span>}
        </p>
      );
  }
}
