// A page that is not ours draws the store's tiles with MapLibre, as any reader of the world would: from its
// TileJSON, over HTTP, from another origin. What is judged is the picture, and what the map says is in it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BASE_URL, browser, PATIENCE_MS, picture } from './player.mjs';

const MAPLIBRE = fileURLToPath(new URL('../node_modules/maplibre-gl/dist/', import.meta.url));
const SIZE = { width: 1180, height: 780 };
/** Far enough apart that a pixel between two of them is still one or the other. */
const COLOURS = { sea: '#10305c', land: '#e8d8a8', lakes: '#2fc0c0', rivers: '#d02020' };

/** Where everybody knows what there is: longitude, latitude. */
const KNOWN = {
  sea: { 'south of Crete': [25.0, 34.2], 'Tyrrhenian Sea': [12.0, 39.8], 'Pontus Euxinus': [34.0, 43.3] },
  land: {
    Anatolia: [32.5, 39.5],
    'Atlas plateau': [2.0, 34.5],
    Numidia: [5.0, 33.5],
    Thrace: [25.5, 42.3],
  },
  lakes: { 'Lake Van': [42.9, 38.62], 'Dead Sea': [35.5, 31.55] },
  rivers: {
    Nile: [32.6, 26.0],
    Danube: [19.0, 47.0],
    Ebro: [-0.9, 41.6],
    Euphrates: [40.2, 35.3],
  },
};

let server;
let chromium;
let page;
const failures = [];

before(async () => {
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  chromium = await browser();
  const context = await chromium.newContext({ viewport: SIZE, deviceScaleFactor: 1 });
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => failures.push(error.message));
  page.on('requestfailed', (lost) => failures.push(`${lost.failure()?.errorText} ${lost.url()}`));
  page.on('response', (got) => {
    if (got.status() >= 400) failures.push(`${got.status()} ${got.url()}`);
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
});

after(async () => {
  await chromium?.close();
  server?.close();
});

/** The page, and MapLibre as it was published. */
async function answer(request, response) {
  const name = new URL(request.url, 'http://page').pathname.slice(1);
  try {
    const [kind, body] = name
      ? [
          name.endsWith('.css') ? 'text/css' : 'text/javascript',
          await readFile(path.join(MAPLIBRE, path.basename(name))),
        ]
      : ['text/html', PAGE];
    response.writeHead(200, { 'content-type': kind }).end(body);
  } catch {
    response.writeHead(204).end();
  }
}

const layer = (id, type, paint) => ({ id, type, source: 'world', 'source-layer': id, paint });
const STYLE = {
  version: 8,
  sources: { world: { type: 'vector', url: `${BASE_URL}/api/v1/tiles/WebMercatorQuad?f=tilejson` } },
  layers: [
    { id: 'sea', type: 'background', paint: { 'background-color': COLOURS.sea } },
    layer('land', 'fill', { 'fill-color': COLOURS.land }),
    layer('lakes', 'fill', { 'fill-color': COLOURS.lakes }),
    layer('rivers', 'line', { 'line-color': COLOURS.rivers, 'line-width': 3 }),
  ],
};
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tiles</title>
<link rel="stylesheet" href="/maplibre-gl.css">
<style>body{margin:0}#map{width:${SIZE.width}px;height:${SIZE.height}px}</style><div id="map"></div>
<script type="module">
import * as maplibregl from '/maplibre-gl.mjs';
maplibregl.setWorkerUrl(location.origin + "/maplibre-gl-worker.mjs");
window.map = new maplibregl.Map({ container: 'map', style: ${JSON.stringify(STYLE)}, bounds: [[-6, 24], [44, 48]],
  fadeDuration: 0, attributionControl: false, interactive: false });
window.map.once('idle', () => { window.idle = true; });
</script></html>`;

/** What lies uppermost at a place, as the map has it; the sea where nothing does. */
const uppermost = (place) =>
  page.evaluate((at) => {
    const found = window.map.queryRenderedFeatures(window.map.project(at));
    return found[0]?.layer.id ?? 'sea';
  }, place);

/** The vertex of a river that is nearest to a place, of what is rendered within some pixels of it. */
const riverNear = (named, place) =>
  page.evaluate(
    ([name, at]) => {
      const middle = window.map.project(at);
      const reach = 40;
      const box = [
        [middle.x - reach, middle.y - reach],
        [middle.x + reach, middle.y + reach],
      ];
      const vertices = window.map
        .queryRenderedFeatures(box, { layers: ['rivers'] })
        .flatMap(({ geometry, properties }) => {
          const lines = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates;
          return properties.name?.includes(name) ? lines.flat() : [];
        })
        .map((vertex) => ({ vertex, far: Math.hypot(...away(vertex)) }))
        .sort((a, b) => a.far - b.far);
      return vertices[0]?.far < reach ? vertices[0].vertex : null;
      function away(vertex) {
        const point = window.map.project(vertex);
        return [point.x - middle.x, point.y - middle.y];
      }
    },
    [named, place],
  );

/** What each place is in a picture of the page: the colour of the map that its pixel is nearest to. */
async function seen(places) {
  const shot = (await picture(page, 'tiles')).toString('base64');
  return page.evaluate(
    async ([image, at, colours]) => {
      const blob = await (await fetch(`data:image/png;base64,${image}`)).blob();
      const bitmap = await createImageBitmap(blob);
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const paper = canvas.getContext('2d');
      paper.drawImage(bitmap, 0, 0);
      const rgb = (hex) => [1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16));
      const apart = (a, b) => Math.hypot(...a.map((value, index) => value - b[index]));
      return at.map((place) => {
        const { x, y } = window.map.project(place);
        const pixel = [...paper.getImageData(Math.floor(x), Math.floor(y), 1, 1).data].slice(0, 3);
        const named = Object.entries(colours).map(([name, hex]) => [apart(pixel, rgb(hex)), name]);
        return named.sort((a, b) => a[0] - b[0])[0][1];
      });
    },
    [shot, places, COLOURS],
  );
}

test('the map is drawn without a failure, from an origin that is not the store’s', async () => {
  await page.waitForFunction(() => window.idle === true);
  assert.deepEqual(failures, []);
});

test('land and lakes lie where they lie, and sea is where nothing is drawn', async () => {
  for (const [kind, places] of Object.entries({ sea: KNOWN.sea, land: KNOWN.land, lakes: KNOWN.lakes })) {
    for (const [name, place] of Object.entries(places)) {
      assert.equal(await uppermost(place), kind, name);
    }
  }
});

test('the picture shows land, sea and lakes in their colours', async () => {
  for (const kind of ['sea', 'land', 'lakes']) {
    const places = Object.values(KNOWN[kind]);
    assert.deepEqual(
      await seen(places),
      places.map(() => kind),
      Object.keys(KNOWN[kind]).join(', '),
    );
  }
});

test('the great rivers are drawn by their names, and seen', async () => {
  for (const [name, place] of Object.entries(KNOWN.rivers)) {
    const vertex = await riverNear(name, place);
    assert.ok(vertex, `no river ${name} is drawn near ${place}`);
    assert.deepEqual(await seen([vertex]), ['rivers'], `${name} at ${vertex}`);
  }
});
