// The ship is an element above the map rather than a symbol in it: it moves every frame and carries a name that a
// screen reader can say.
import { type Map as MapLibre, Marker } from 'maplibre-gl';
import type { LonLat } from '../game/voyage';

const DRAWING = `<svg viewBox="0 0 64 56" width="46" height="40" aria-hidden="true">
  <path d="M6 37c6 2 10 1 14 1h24c5 0 9-2 14-8 1 10-7 19-18 19H22C13 49 7 44 6 37z" fill="#7a1f1d" stroke="#2c2016" stroke-width="1.6" stroke-linejoin="round"/>
  <path d="M9 41c14 4 34 4 46-3" fill="none" stroke="#e3c993" stroke-width="1.6"/>
  <path d="M6 37c-3-5-3-9 1-11 0 4 1 7 4 11" fill="#c98b2b" stroke="#2c2016" stroke-width="1.4" stroke-linejoin="round"/>
  <path d="M31 5v33" stroke="#2c2016" stroke-width="2.4" stroke-linecap="round"/>
  <path d="M15 9h32c4 8 4 15 0 22H15c5-7 5-14 0-22z" fill="#fbf3df" stroke="#2c2016" stroke-width="1.6" stroke-linejoin="round"/>
  <path d="M23 9c4 8 4 15 0 22M32 9c4 8 4 15 0 22M41 9c4 8 4 15 0 22" fill="none" stroke="#c9a86a" stroke-width="1.1"/>
  <path d="M31 5l-4-1 4-3z" fill="#c98b2b"/>
  <path d="M50 30l8-14" stroke="#2c2016" stroke-width="1.6"/>
</svg>`;

export class ShipMarker {
  readonly #marker: Marker;
  readonly #element: HTMLElement;
  #drawn = '';

  constructor(map: MapLibre, at: LonLat, name: string) {
    this.#element = document.createElement('div');
    this.#element.className = 'ship';
    this.#element.setAttribute('role', 'img');
    this.#element.innerHTML = `<div class="ship-hull">${DRAWING}</div>`;
    this.#marker = new Marker({ element: this.#element, anchor: 'bottom', offset: [0, 4] })
      .setLngLat(at)
      .addTo(map);
    this.rename(name);
  }

  rename(name: string): void {
    this.#element.setAttribute('aria-label', name);
  }

  place(at: LonLat, westward: boolean, sailing: boolean): void {
    const drawn = `${at} ${westward} ${sailing}`;
    if (drawn === this.#drawn) return; // called every frame, and a ship in harbour lies still
    this.#drawn = drawn;
    this.#marker.setLngLat(at);
    this.#element.classList.toggle('westward', westward);
    this.#element.classList.toggle('sailing', sailing);
  }

  remove(): void {
    this.#marker.remove();
  }
}
