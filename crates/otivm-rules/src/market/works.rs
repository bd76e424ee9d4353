//! What is mined, quarried and made where the map's climate and relief do not say: worked veins, quarries,
//! sands, and the ends of roads that come from beyond the world.
//!
//! A table of attested works, not of prices: what a good costs anywhere is still found by the map.

use crate::goods::GoodId;

pub(super) struct Works {
    pub(super) good: GoodId,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    /// A year where the price is `cost`.
    pub(super) tonnes: f64,
}

const fn works(good: GoodId, latitude: f64, longitude: f64, tonnes: f64) -> Works {
    Works { good, latitude, longitude, tonnes }
}

pub(super) const WORKS: [Works; 61] = [
    // Penhallurick 1986 (Cornwall); Meredith 1998 (Gallaecia and Lusitania); Giot 1998 (Armorica).
    works(GoodId::Tin, 50.2, -5.2, 60.0),
    works(GoodId::Tin, 42.3, -7.2, 120.0),
    works(GoodId::Tin, 41.6, -7.8, 90.0),
    works(GoodId::Tin, 40.4, -7.0, 70.0),
    works(GoodId::Tin, 47.6, -2.2, 25.0),
    // Elba, Noricum, the Montagne Noire, Cantabria, Baetica, the Weald, the Sana, the Chalybes, the Taurus, Meroe, the Deccan: Healy 1978, 62-64; Cleere and Crossley 1985; Domergue 1993.
    works(GoodId::Iron, 42.9, 10.5, 1_500.0),
    works(GoodId::Iron, 46.7, 14.4, 2_000.0),
    works(GoodId::Iron, 43.3, 2.4, 1_500.0),
    works(GoodId::Iron, 43.3, -3.8, 700.0),
    works(GoodId::Iron, 37.9, -5.5, 900.0),
    works(GoodId::Iron, 51.0, 0.4, 900.0),
    works(GoodId::Iron, 44.9, 16.7, 1_200.0),
    works(GoodId::Iron, 41.0, 37.5, 1_000.0),
    works(GoodId::Iron, 36.9, 35.0, 600.0),
    works(GoodId::Iron, 16.9, 33.7, 400.0),
    works(GoodId::Iron, 11.0, 76.8, 500.0),
    // Rio Tinto, Cyprus, Aljustrel, Anglesey, Faynan: Healy 1978, 57-60; Domergue 1990.
    works(GoodId::Copper, 37.7, -6.6, 900.0),
    works(GoodId::Copper, 35.0, 32.9, 700.0),
    works(GoodId::Copper, 37.9, -8.2, 200.0),
    works(GoodId::Copper, 53.3, -4.3, 80.0),
    works(GoodId::Copper, 30.6, 35.4, 120.0),
    // Carthago Nova, Castulo, the Mendips, Deceangli, Sardinia, the Eifel, Dardania: Boulakia 1972; Domergue 1990.
    works(GoodId::Lead, 37.6, -0.9, 1_200.0),
    works(GoodId::Lead, 38.3, -3.6, 1_600.0),
    works(GoodId::Lead, 51.3, -2.7, 600.0),
    works(GoodId::Lead, 53.2, -3.1, 300.0),
    works(GoodId::Lead, 39.3, 8.5, 400.0),
    works(GoodId::Lead, 50.6, 6.6, 300.0),
    works(GoodId::Lead, 42.8, 21.0, 700.0),
    // The same veins, and Argentaria, Laurion, Argyria: Pliny NH 33.96-98; Wilson 2007; Patterson 1972.
    works(GoodId::Silver, 37.7, -6.6, 8.0),
    works(GoodId::Silver, 37.6, -0.9, 5.0),
    works(GoodId::Silver, 38.3, -3.6, 6.0),
    works(GoodId::Silver, 42.8, 21.0, 8.0),
    works(GoodId::Silver, 44.1, 19.3, 8.0),
    works(GoodId::Silver, 51.3, -2.7, 1.0),
    works(GoodId::Silver, 39.3, 8.5, 1.0),
    works(GoodId::Silver, 37.7, 24.0, 1.0),
    works(GoodId::Silver, 40.7, 38.6, 2.0),
    // Luna, Proconnesus, Pentelicon, Docimium, Simitthus, Thasos, Paros, Carystus, Mons Claudianus: Russell 2013; Ward-Perkins 1992.
    works(GoodId::Marble, 44.1, 10.1, 15_000.0),
    works(GoodId::Marble, 40.6, 27.6, 18_000.0),
    works(GoodId::Marble, 38.05, 23.9, 8_000.0),
    works(GoodId::Marble, 38.85, 30.75, 4_000.0),
    works(GoodId::Marble, 36.5, 8.6, 4_000.0),
    works(GoodId::Marble, 40.7, 24.7, 5_000.0),
    works(GoodId::Marble, 37.1, 25.2, 4_000.0),
    works(GoodId::Marble, 38.0, 24.4, 8_000.0),
    works(GoodId::Marble, 26.8, 33.5, 800.0),
    // The Belus, Alexandria and its natron, the Volturnus, Colonia, Lugdunum: Pliny NH 36.190-194; Stern 1999.
    works(GoodId::Glass, 32.9, 35.1, 500.0),
    works(GoodId::Glass, 31.2, 29.9, 500.0),
    works(GoodId::Glass, 40.95, 14.0, 250.0),
    works(GoodId::Glass, 50.9, 7.0, 120.0),
    works(GoodId::Glass, 45.76, 4.8, 100.0),
    // Tyre, Sidon, Laconia, Meninx, the Purple Islands: Pliny NH 9.127, 5.12, 6.201; Reinhold 1970. Tonnes of dyed wool.
    works(GoodId::Purple, 33.27, 35.2, 4.0),
    works(GoodId::Purple, 33.56, 35.37, 2.0),
    works(GoodId::Purple, 36.7, 22.8, 2.0),
    works(GoodId::Purple, 33.8, 10.9, 2.5),
    works(GoodId::Purple, 31.5, -9.8, 1.5),
    works(GoodId::Purple, 35.0, 26.2, 1.0),
    // Seric thread that comes down to the Indus, to Barygaza and to Malabar: Periplus 39, 49, 56, 64.
    works(GoodId::Silk, 24.8, 67.0, 2.0),
    works(GoodId::Silk, 21.7, 73.0, 4.0),
    works(GoodId::Silk, 10.2, 76.2, 3.0),
    // The Baltic's amber comes to market at Aquileia: Pliny NH 37.45.
    works(GoodId::Amber, 45.77, 13.37, 6.0),
];
