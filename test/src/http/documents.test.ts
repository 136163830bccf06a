import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalogue } from '../../../src/errors.ts';
import { writeOpenMetrics } from '../../../src/http/metrics/openMetrics.ts';
import { startTestServer, type TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  server.rooms.create({ id: 'demo' });
});
afterAll(() => server.stop());

describe('/openapi.json', () => {
  test('describes bodies, answers and errors, and every reference leads somewhere', async () => {
    const text = await (await fetch(`${server.base}/openapi.json`)).text();
    const document = JSON.parse(text);
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      'Element',
      'File',
      'Layout',
      'LayoutRequest',
      'Output',
      'Participant',
      'Problem',
      'Recording',
      'Room',
      'Source',
      'Tile',
    ]);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components.schemas).toHaveProperty(name!);
    }
    expect(text).not.toMatch('$defs');

    const create = document.paths['/api/rooms'].post;
    const body = create.requestBody.content['application/json'].schema;
    expect(body).toMatchObject({
      additionalProperties: false,
      properties: { mode: { enum: ['mcu', 'sfu'] } },
    });
    expect(create.responses['201'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/Room',
    });
    expect(create.responses['409'].description).toBe('`room-exists`');
    expect(document.paths['/whip/{room}'].post.parameters).toEqual([
      { name: 'room', in: 'path', required: true, schema: { type: 'string' } },
      expect.objectContaining({ name: 'source', in: 'query' }),
    ]);
  });

  test('/docs shows every call and every error to people', async () => {
    const response = await fetch(`${server.base}/docs`);
    const html = await response.text();
    expect(response.headers.get('content-type')).toMatch('text/html');
    expect(html).not.toMatch('<script');
    expect(html).toMatch('/api/rooms/{room}/participants/{participant}');
    for (const code of Object.keys(catalogue)) expect(html).toMatch(`id="${code}"`);
  });
});

describe('/metrics', () => {
  const scrape = async () => (await fetch(`${server.base}/metrics`)).text();

  test('is OpenMetrics: families once, counters with _total, an end', async () => {
    const response = await fetch(`${server.base}/metrics`);
    expect(response.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    const lines = (await response.text()).split('\n');
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
    const types = new Map(
      lines.flatMap((line) =>
        /^# TYPE (\S+) (\S+)/.exec(line)?.slice(1, 3)
          ? [/^# TYPE (\S+) (\S+)/.exec(line)!.slice(1, 3) as [string, string]]
          : [],
      ),
    );
    expect(types.size).toBe(lines.filter((line) => line.startsWith('# TYPE')).length);
    for (const line of lines.filter((one) => one !== '' && !one.startsWith('#'))) {
      const [, name] = /^([a-z_0-9]+)(\{[^}]*\})? -?[\d.e+-]+$/.exec(line) ?? [];
      const fits =
        types.get(name!) === 'gauge' ||
        types.get(name!.replace(/_total$/, '')) === 'counter' ||
        types.get(name!.replace(/_(bucket|sum|count)$/, '')) === 'histogram';
      expect([line, fits]).toEqual([line, true]);
    }
  });

  test('says how rooms and edges do', async () => {
    const text = await scrape();
    expect(text).toMatch('\nrostrum_rooms 1\n');
    expect(text).toMatch('\nrostrum_video_encoders{room="demo"} 1\n');
    expect(text).toMatch('\nrostrum_audio_encoders{room="demo"} 2\n');
    expect(text).toMatch('\nrostrum_sent_bytes_total{room="demo"} 12345\n');
    expect(text).toMatch('\nrostrum_mixer_tick_lateness_p99_seconds{room="demo"} 0.0015\n');
    expect(text).toMatch('\nrostrum_event_loop_delay_p99_seconds{thread="delivery-1"} 0.002\n');
    expect(text).toMatch('\nrostrum_thread_dropped_pictures_total{thread="delivery-1"} 1\n');
    expect(text).toMatch(/\nprocess_resident_memory_bytes \d{7,}\n/);
    await fetch(`${server.base}/nowhere`, { method: 'PURGE' });
    expect(await scrape()).toMatch('rostrum_http_requests_total{method="other",status="404"} 1\n');
  });

  test('says how well rooms mix: latency in buckets that add up, and lip sync', async () => {
    const text = await scrape();
    const lines = text.split('\n').filter((line) => line.startsWith('rostrum_picture_latency_seconds'));
    expect(lines).toEqual([
      'rostrum_picture_latency_seconds_bucket{room="demo",le="0.005"} 3',
      'rostrum_picture_latency_seconds_bucket{room="demo",le="0.01"} 5',
      'rostrum_picture_latency_seconds_bucket{room="demo",le="1.0"} 5',
      'rostrum_picture_latency_seconds_bucket{room="demo",le="+Inf"} 6',
      'rostrum_picture_latency_seconds_sum{room="demo"} 1.03',
      'rostrum_picture_latency_seconds_count{room="demo"} 6',
    ]);
    expect(text).toMatch('# TYPE rostrum_sound_latency_seconds histogram\n');
    expect(text).toMatch('rostrum_av_offset_seconds{room="demo",participant="ada",kind="camera"} -0.0125\n');
  });

  test('labels cannot break out of their quotes', () => {
    const family = {
      name: 'x',
      type: 'gauge',
      help: 'a\nb',
      samples: [{ value: Number.NaN, labels: { room: 'a"}\n\\' } }],
    } as const;
    expect(writeOpenMetrics([{ ...family, samples: [...family.samples] }])).toBe(
      '# TYPE x gauge\n# HELP x a\\nb\nx{room="a\\"}\\n\\\\"} NaN\n# EOF\n',
    );
  });
});
