/** Where a head is in this frame and what it looks like. Colours are Y, U, V. */
export interface Head {
  x: number;
  y: number;
  /** Radians. */
  tilt: number;
  /** 0 closed, 1 open. */
  mouth: number;
  shirt: [number, number, number];
  skin: [number, number, number];
  hair: [number, number, number];
}

interface Ellipse {
  x: number;
  y: number;
  rx: number;
  ry: number;
  tilt: number;
  colour: [number, number, number];
  /** Brightness added from the left edge (−shade) to the right one (+shade). */
  shade: number;
  /** Amplitude of a woven pattern that moves with the ellipse. */
  weave: number;
}

/** Paints shoulders, neck, hair, face, eyes and mouth, in this order, onto planar YUV 4:2:0. */
export function paintHead(picture: Uint8Array, width: number, height: number, head: Head): void {
  const unit = height / 720;
  const cos = Math.cos(head.tilt);
  const sin = Math.sin(head.tilt);
  const part = (dx: number, dy: number, rx: number, ry: number, rest: Partial<Ellipse>): Ellipse => ({
    x: head.x + (dx * cos - dy * sin) * unit,
    y: head.y + (dx * sin + dy * cos) * unit,
    rx: rx * unit,
    ry: ry * unit,
    tilt: head.tilt,
    colour: head.skin,
    shade: 0,
    weave: 0,
    ...rest,
  });
  const dark: [number, number, number] = [40, 128, 128];
  const shoulders = { x: head.x * 0.5 + width * 0.25, y: height * 1.06, tilt: head.tilt * 0.2 };
  const parts = [
    part(0, 0, 390, 300, { ...shoulders, colour: head.shirt, shade: 18, weave: 12 }),
    part(0, 170, 62, 110, { shade: 10 }),
    part(0, -35, 150, 185, { colour: head.hair, shade: 8, weave: 9 }),
    part(0, 10, 125, 170, { shade: 22, weave: 3 }),
    part(-48, -20, 19, 10, { colour: [215, 128, 128] }),
    part(48, -20, 19, 10, { colour: [215, 128, 128] }),
    part(-46, -20, 8, 9, { colour: dark }),
    part(50, -20, 8, 9, { colour: dark }),
    part(0, 40, 14, 30, { shade: 14 }),
    part(0, 100, 40, 5 + 22 * head.mouth, { colour: [70, 118, 168] }),
  ];
  for (const ellipse of parts) {
    paintPlane(picture, 0, width, height, 1, ellipse, 0);
    const luma = width * height;
    paintPlane(picture, luma, width / 2, height / 2, 0.5, ellipse, 1);
    paintPlane(picture, luma + luma / 4, width / 2, height / 2, 0.5, ellipse, 2);
  }
}

/** Paints one ellipse into one plane; `scale` is 0.5 for the colour planes. Edges are anti-aliased. */
function paintPlane(
  picture: Uint8Array,
  offset: number,
  width: number,
  height: number,
  scale: number,
  ellipse: Ellipse,
  channel: 0 | 1 | 2,
): void {
  const { colour, shade, weave } = ellipse;
  const rx = ellipse.rx * scale;
  const ry = ellipse.ry * scale;
  const reach = Math.max(rx, ry) + 1;
  const cos = Math.cos(ellipse.tilt);
  const sin = Math.sin(ellipse.tilt);
  const centreX = ellipse.x * scale;
  const centreY = ellipse.y * scale;
  const softness = Math.min(rx, ry) / 2;
  for (let y = Math.max(0, Math.floor(centreY - reach)); y < Math.min(height, centreY + reach); y++) {
    for (let x = Math.max(0, Math.floor(centreX - reach)); x < Math.min(width, centreX + reach); x++) {
      const u = ((x - centreX) * cos + (y - centreY) * sin) / rx;
      const v = ((y - centreY) * cos - (x - centreX) * sin) / ry;
      const cover = (1 - u * u - v * v) * softness + 0.5;
      if (cover <= 0) continue;
      let level = colour[channel];
      if (channel === 0) level += shade * u - 6 * v + weave * Math.sin(u * 47) * Math.cos(v * 41);
      const at = offset + y * width + x;
      picture[at] = cover >= 1 ? level : picture[at]! + (level - picture[at]!) * cover;
    }
  }
}
