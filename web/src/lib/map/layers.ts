// The style, from the sea floor up to the lettering. Order is meaning: what comes later lies on top.
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { riverNames } from './names';
import { INK, LAND, SEA } from './palette';

/** Families declared in `app.css`; MapLibre draws them locally, because the style names no glyph server. */
const INSCRIPTION = ['Otivm Inscription'];
const HAND = ['Otivm Hand'];
const TEXT = ['Otivm Text'];

const byZoom = (...stops: [number, number][]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops.flat()] as ExpressionSpecification;

const rank: ExpressionSpecification = ['to-number', ['get', 'rank'], 5];

const bathymetry = {
  'color-relief-color': [
    'interpolate',
    ['linear'],
    ['elevation'],
    -4500,
    SEA.abyss,
    -2600,
    SEA.deep,
    -900,
    SEA.open,
    -120,
    SEA.shelf,
    0,
    SEA.shore,
  ] as ExpressionSpecification,
  'color-relief-opacity': 1,
};

const hypsometry = {
  'color-relief-color': [
    'interpolate',
    ['linear'],
    ['elevation'],
    0,
    'rgba(236,220,182,0)',
    40,
    'rgba(236,220,182,0)',
    250,
    LAND.rise,
    700,
    LAND.hill,
    1400,
    LAND.upland,
    2300,
    LAND.mountain,
    3400,
    LAND.peak,
  ] as ExpressionSpecification,
  'color-relief-opacity': 0.72,
};

const ground: LayerSpecification[] = [
  { id: 'abyss', type: 'background', paint: { 'background-color': SEA.deep } },
  { id: 'bathymetry', type: 'color-relief', source: 'relief', paint: bathymetry },
  {
    id: 'shallows',
    type: 'line',
    source: 'world',
    'source-layer': 'coast',
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': SEA.foam,
      'line-width': byZoom([3, 5], [6, 16], [9, 40]),
      'line-blur': byZoom([3, 4], [6, 12], [9, 30]),
      'line-opacity': 0.42,
    },
  },
  {
    id: 'land',
    type: 'fill',
    source: 'world',
    'source-layer': 'land',
    paint: { 'fill-color': LAND.plain, 'fill-antialias': true },
  },
  { id: 'hypsometry', type: 'color-relief', source: 'relief', paint: hypsometry },
  {
    id: 'hillshade',
    type: 'hillshade',
    source: 'relief',
    paint: {
      'hillshade-shadow-color': '#4a2f1c',
      'hillshade-highlight-color': '#fff6df',
      'hillshade-accent-color': '#7d5a36',
      'hillshade-exaggeration': 0.34,
      'hillshade-illumination-direction': 315,
    },
  },
];

const water: LayerSpecification[] = [
  {
    id: 'rivers',
    type: 'line',
    source: 'world',
    'source-layer': 'rivers',
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: {
      'line-color': SEA.open,
      'line-opacity': byZoom([3, 0.55], [6, 0.8]),
      'line-width': [
        'interpolate',
        ['linear'],
        ['zoom'],
        3,
        [
          'interpolate',
          ['linear'],
          ['coalesce', ['to-number', ['get', 'upstream_km2']], 0],
          0,
          0.3,
          200000,
          1,
          800000,
          1.6,
        ],
        8,
        [
          'interpolate',
          ['linear'],
          ['coalesce', ['to-number', ['get', 'upstream_km2']], 0],
          0,
          0.9,
          200000,
          3.2,
          800000,
          5,
        ],
      ] as ExpressionSpecification,
    },
  },
  {
    id: 'coast',
    type: 'line',
    source: 'world',
    'source-layer': 'coast',
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': INK.brown,
      'line-width': byZoom([3, 0.5], [6, 1], [9, 1.6]),
      'line-opacity': 0.85,
    },
  },
];

const route: LayerSpecification[] = [
  {
    id: 'route-halo',
    type: 'line',
    source: 'route',
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': INK.parchment, 'line-width': 5, 'line-opacity': 0.55, 'line-blur': 1 },
  },
  {
    id: 'route-ahead',
    type: 'line',
    source: 'route',
    filter: ['==', ['get', 'part'], 'ahead'],
    layout: { 'line-join': 'round' },
    paint: { 'line-color': INK.oxblood, 'line-width': 2.2, 'line-dasharray': [2.4, 1.8] },
  },
  {
    id: 'route-sailed',
    type: 'line',
    source: 'route',
    filter: ['==', ['get', 'part'], 'sailed'],
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': INK.oxblood, 'line-width': 2.6 },
  },
  {
    id: 'selection',
    type: 'circle',
    source: 'selection',
    paint: {
      'circle-radius': 15,
      'circle-color': 'rgba(201,139,43,0.18)',
      'circle-stroke-color': INK.ochre,
      'circle-stroke-width': 2.2,
    },
  },
];

const lettering: LayerSpecification[] = [
  {
    id: 'land-names',
    type: 'symbol',
    source: 'lettering',
    filter: [
      'all',
      ['==', ['get', 'kind'], 'land'],
      ['<=', ['get', 'size'], ['step', ['zoom'], 1, 4, 2, 5.2, 3]],
    ],
    maxzoom: 7.2,
    layout: {
      'text-field': ['get', 'text'],
      'text-font': INSCRIPTION,
      'text-letter-spacing': 0.34,
      'text-rotate': ['get', 'turn'],
      'text-rotation-alignment': 'map',
      'text-max-width': 30,
      'text-size': [
        'interpolate',
        ['linear'],
        ['zoom'],
        3,
        ['match', ['get', 'size'], 1, 13, 9],
        6,
        ['match', ['get', 'size'], 1, 24, 2, 16, 13],
      ] as ExpressionSpecification,
    },
    paint: {
      'text-color': INK.brown,
      'text-opacity': byZoom([3, 0.62], [6, 0.5], [7.2, 0]),
      'text-halo-color': 'rgba(248,239,217,0.55)',
      'text-halo-width': 1.2,
    },
  },
  {
    id: 'sea-names',
    type: 'symbol',
    source: 'lettering',
    filter: [
      'all',
      ['==', ['get', 'kind'], 'sea'],
      ['<=', ['get', 'size'], ['step', ['zoom'], 1, 3.9, 2, 5.4, 3]],
    ],
    layout: {
      'text-field': ['get', 'text'],
      'text-font': HAND,
      'text-letter-spacing': ['match', ['get', 'size'], 1, 0.3, 0.14],
      'text-rotate': ['get', 'turn'],
      'text-rotation-alignment': 'map',
      'text-max-width': 9,
      'text-line-height': 1.3,
      'text-size': [
        'interpolate',
        ['linear'],
        ['zoom'],
        3,
        ['match', ['get', 'size'], 1, 15, 11],
        7,
        ['match', ['get', 'size'], 1, 32, 2, 22, 18],
      ] as ExpressionSpecification,
    },
    paint: {
      'text-color': INK.sea,
      'text-opacity': 0.86,
      'text-halo-color': 'rgba(18,58,82,0.45)',
      'text-halo-width': 1.1,
    },
  },
  {
    id: 'river-names',
    type: 'symbol',
    source: 'world',
    'source-layer': 'rivers',
    minzoom: 5.6,
    layout: {
      'text-field': riverNames,
      'text-font': HAND,
      'symbol-placement': 'line',
      'symbol-spacing': 420,
      'text-size': 13,
      'text-letter-spacing': 0.1,
    },
    paint: { 'text-color': SEA.deep, 'text-halo-color': 'rgba(236,220,182,0.85)', 'text-halo-width': 1.4 },
  },
];

/** Small places wait until there is room for them. */
const visibleRank: ExpressionSpecification = [
  '<=',
  rank,
  ['step', ['zoom'], 1, 3.6, 2, 4.9, 3, 6, 4, 6.9, 5],
];

const places: LayerSpecification = {
  id: 'places',
  type: 'symbol',
  source: 'world',
  'source-layer': 'places',
  filter: visibleRank,
  layout: {
    'symbol-sort-key': rank,
    'icon-image': [
      'case',
      ['==', rank, 1],
      'metropolis',
      ['==', rank, 2],
      'city',
      ['==', rank, 3],
      ['match', ['get', 'harbour'], 'none', 'inland', 'harbour'],
      ['match', ['get', 'harbour'], 'none', 'inland-small', 'harbour-small'],
    ] as ExpressionSpecification,
    'icon-size': byZoom([3, 0.72], [5, 0.92], [7, 1.1]),
    'icon-padding': 1,
    'text-optional': true,
    'text-field': [
      'case',
      ['==', rank, 1],
      ['upcase', ['get', 'latin']],
      ['get', 'latin'],
    ] as ExpressionSpecification,
    'text-font': [
      'case',
      ['<=', rank, 1],
      ['literal', INSCRIPTION],
      ['literal', TEXT],
    ] as ExpressionSpecification,
    'text-letter-spacing': ['case', ['<=', rank, 1], 0.06, 0.01],
    'text-size': [
      'interpolate',
      ['linear'],
      ['zoom'],
      3,
      ['match', rank, 1, 11.5, 2, 11, 10],
      7,
      ['match', rank, 1, 17, 2, 17, 3, 15.5, 14],
    ] as ExpressionSpecification,
    'text-variable-anchor-offset': [
      'left',
      [0.9, 0],
      'right',
      [-0.9, 0],
      'top',
      [0, 0.75],
      'bottom',
      [0, -0.75],
      'top-left',
      [0.7, 0.5],
      'bottom-right',
      [-0.7, -0.5],
      'bottom-left',
      [0.7, -0.5],
      'top-right',
      [-0.7, 0.5],
    ],
    'text-justify': 'auto',
    'text-max-width': 9,
    'text-padding': 3,
  },
  paint: {
    'text-color': INK.dark,
    'text-halo-color': 'rgba(248,239,217,0.92)',
    'text-halo-width': 1.5,
    'text-halo-blur': 0.4,
  },
};

/** Beyond the edge of the world there is only paper, and a drawn frame. */
const frame: LayerSpecification[] = [
  { id: 'paper', type: 'fill', source: 'paper', paint: { 'fill-color': LAND.paper } },
  { id: 'frame-outer', type: 'line', source: 'frame', paint: { 'line-color': INK.brown, 'line-width': 5 } },
  { id: 'frame-inner', type: 'line', source: 'frame', paint: { 'line-color': LAND.paper, 'line-width': 2 } },
];

export const layers: LayerSpecification[] = [
  ...ground,
  ...water,
  ...lettering.slice(0, 2),
  ...route,
  ...lettering.slice(2),
  places,
  ...frame,
];
