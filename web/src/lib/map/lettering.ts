// The lettering of the map and the signs of its places: what is read, above what is seen.
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { latinRiver } from './names';
import { INK, SEA } from './palette';
import { byZoom } from './zoom';

/** Families declared in `app.css`; MapLibre draws them locally, because the style names no glyph server. */
const INSCRIPTION = ['Otivm Inscription'];
const HAND = ['Otivm Hand'];
const TEXT = ['Otivm Text'];

const rank: ExpressionSpecification = ['to-number', ['get', 'rank'], 5];

export const landAndSeaNames: LayerSpecification[] = [
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
];

export const riverNames: LayerSpecification = {
  id: 'river-names',
  type: 'symbol',
  source: 'world',
  'source-layer': 'rivers',
  minzoom: 5.6,
  layout: {
    'text-field': latinRiver,
    'text-font': HAND,
    'symbol-placement': 'line',
    'symbol-spacing': 420,
    'text-size': 13,
    'text-letter-spacing': 0.1,
  },
  paint: { 'text-color': SEA.deep, 'text-halo-color': 'rgba(236,220,182,0.85)', 'text-halo-width': 1.4 },
};

/** Small places wait until there is room for them. */
const visibleRank: ExpressionSpecification = [
  '<=',
  rank,
  ['step', ['zoom'], 1, 3.6, 2, 4.9, 3, 6, 4, 6.9, 5],
];

export const places: LayerSpecification = {
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
