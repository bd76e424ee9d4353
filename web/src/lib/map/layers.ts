// The style, from the sea floor up to the lettering. Order is meaning: what comes later lies on top.
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { landAndSeaNames, places, riverNames } from './lettering';
import { INK, LAND, SEA } from './palette';
import { byZoom } from './zoom';

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
    id: 'lakes',
    type: 'fill',
    source: 'world',
    'source-layer': 'lakes',
    paint: { 'fill-color': SEA.open, 'fill-opacity': 0.9 },
  },
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

/** Beyond the edge of the world there is only paper, and a drawn frame. */
const frame: LayerSpecification[] = [
  { id: 'paper', type: 'fill', source: 'paper', paint: { 'fill-color': LAND.paper } },
  { id: 'frame-outer', type: 'line', source: 'frame', paint: { 'line-color': INK.brown, 'line-width': 5 } },
  { id: 'frame-inner', type: 'line', source: 'frame', paint: { 'line-color': LAND.paper, 'line-width': 2 } },
];

export const layers: LayerSpecification[] = [
  ...ground,
  ...water,
  ...landAndSeaNames,
  ...route,
  riverNames,
  places,
  ...frame,
];
