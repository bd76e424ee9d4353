// The vignettes of places, drawn here rather than fetched: two gabled towers for a metropolis, as on the old
// itinerary maps, and ever plainer marks below it.
import { INK } from './palette';

/** Drawn at twice the size so that they stay sharp on dense screens. */
export const ICON_PIXEL_RATIO = 2;

function canvas(width: number, height: number): CanvasRenderingContext2D | null {
  const element = document.createElement('canvas');
  element.width = width * ICON_PIXEL_RATIO;
  element.height = height * ICON_PIXEL_RATIO;
  const context = element.getContext('2d');
  context?.scale(ICON_PIXEL_RATIO, ICON_PIXEL_RATIO);
  return context;
}

function tower(
  context: CanvasRenderingContext2D,
  left: number,
  top: number,
  width: number,
  foot: number,
): void {
  const eaves = top + width * 0.75;
  context.beginPath();
  context.moveTo(left, foot);
  context.lineTo(left, eaves);
  context.lineTo(left + width / 2, top);
  context.lineTo(left + width, eaves);
  context.lineTo(left + width, foot);
  context.closePath();
  context.fillStyle = INK.parchment;
  context.fill();
  context.stroke();
  context.beginPath();
  context.moveTo(left - 0.4, eaves);
  context.lineTo(left + width / 2, top);
  context.lineTo(left + width + 0.4, eaves);
  context.closePath();
  context.fillStyle = INK.oxblood;
  context.fill();
  context.stroke();
}

function metropolis(): ImageData | null {
  const context = canvas(26, 22);
  if (!context) return null;
  context.lineWidth = 1.1;
  context.lineJoin = 'round';
  context.strokeStyle = INK.dark;
  context.fillStyle = INK.ochre;
  context.beginPath();
  context.rect(7, 11, 12, 9);
  context.fill();
  context.stroke();
  tower(context, 2.5, 3, 7, 20);
  tower(context, 16.5, 3, 7, 20);
  context.fillStyle = INK.dark;
  context.beginPath();
  context.arc(13, 16.6, 2.2, Math.PI, 0);
  context.rect(10.8, 16.6, 4.4, 3.4);
  context.fill();
  return context.getImageData(0, 0, 26 * ICON_PIXEL_RATIO, 22 * ICON_PIXEL_RATIO);
}

function city(): ImageData | null {
  const context = canvas(18, 16);
  if (!context) return null;
  context.lineWidth = 1;
  context.lineJoin = 'round';
  context.strokeStyle = INK.dark;
  tower(context, 2.5, 2.5, 5.5, 14);
  tower(context, 10, 2.5, 5.5, 14);
  context.fillStyle = INK.ochre;
  context.fillRect(7.6, 9.4, 2.8, 4.6);
  context.strokeRect(7.6, 9.4, 2.8, 4.6);
  return context.getImageData(0, 0, 18 * ICON_PIXEL_RATIO, 16 * ICON_PIXEL_RATIO);
}

function dot(radius: number, fill: string): ImageData | null {
  const size = Math.ceil(radius * 2 + 4);
  const context = canvas(size, size);
  if (!context) return null;
  context.beginPath();
  context.arc(size / 2, size / 2, radius, 0, Math.PI * 2);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 1.2;
  context.strokeStyle = INK.dark;
  context.stroke();
  return context.getImageData(0, 0, size * ICON_PIXEL_RATIO, size * ICON_PIXEL_RATIO);
}

export function icons(): [string, ImageData][] {
  const drawn: [string, ImageData | null][] = [
    ['metropolis', metropolis()],
    ['city', city()],
    ['harbour', dot(3.4, INK.oxblood)],
    ['inland', dot(3, INK.parchment)],
    ['harbour-small', dot(2.3, INK.oxblood)],
    ['inland-small', dot(2, INK.parchment)],
  ];
  return drawn.flatMap(([name, image]) => (image ? [[name, image] as [string, ImageData]] : []));
}
