// A figure that grows with the zoom, in straight lines between stops.
import type { ExpressionSpecification } from 'maplibre-gl';

export const byZoom = (...stops: [number, number][]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops.flat()] as ExpressionSpecification;
