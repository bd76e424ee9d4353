// The colours of the map: fresco and parchment. Panels take theirs from `app.css`; the two are tuned together.

export const SEA = {
  abyss: '#123a52',
  deep: '#1c4f6a',
  open: '#2f6d85',
  shelf: '#5b97a3',
  shore: '#8fbcb9',
  foam: '#d7e4d3',
} as const;

export const LAND = {
  paper: '#e2cd9f',
  plain: '#ecdcb6',
  rise: '#e3c993',
  hill: '#d3ae74',
  upland: '#bd8f5c',
  mountain: '#a1744e',
  peak: '#f0e6d2',
} as const;

export const INK = {
  dark: '#2c2016',
  brown: '#5d4630',
  faint: '#8c7250',
  parchment: '#f8efd9',
  oxblood: '#7a1f1d',
  ochre: '#c98b2b',
  sea: '#dcebe6',
} as const;
