import { expect, test } from 'vitest';
import { placeName } from './name';
import { ostia } from './samples';

test('a place that the map no longer has is called by its id, as a name is written', () => {
  const places = new Map([['neapolis-campania', { ...ostia, latin: 'Neapolis' }]]);
  expect(['neapolis-campania', 'aelia-capitolina', 'caralis'].map((id) => placeName(places, id))).toEqual([
    'Neapolis',
    'Aelia Capitolina',
    'Caralis',
  ]);
});
