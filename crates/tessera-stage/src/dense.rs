//! A layer that nearly every zone has, a few bytes a zone: ten million zones fit in memory.
//!
//! A fact goes in and comes out as the type of `tessera-world`; between, it is packed, and a provenance
//! of 0 stands for no fact. A number too large for its packed type is kept at that type's bound, which
//! lies outside what any rule lets pass.

use tessera_world::{
    Bathymetry, Climate, Igbp, Koppen, LandCover, ProvenanceId, Surface, SurfaceKind, Terrain,
};

/// A fact that packs. `None` packs too.
pub trait Fact: Sized {
    type Packed: Copy + Send + Sync;
    fn pack(fact: Option<Self>) -> Self::Packed;
    fn unpack(packed: Self::Packed) -> Option<Self>;
}

/// One layer over all zones, by the zone's index.
#[derive(Clone)]
pub struct Dense<T: Fact> {
    packed: Vec<T::Packed>,
}

impl<T: Fact> Dense<T> {
    /// A layer that says nothing of so many zones.
    pub fn empty(zones: usize) -> Self {
        Self { packed: vec![T::pack(None); zones] }
    }

    pub fn len(&self) -> usize {
        self.packed.len()
    }

    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// What the layer says of a zone; `None` too where there is no such zone.
    pub fn get(&self, index: usize) -> Option<T> {
        self.packed.get(index).and_then(|&packed| T::unpack(packed))
    }

    /// Replaces a zone's fact; an index beyond the layer is ignored.
    pub fn set(&mut self, index: usize, fact: Option<T>) {
        if let Some(packed) = self.packed.get_mut(index) {
            *packed = T::pack(fact);
        }
    }

    /// Changes a zone's fact in place, if it has one.
    pub fn change(&mut self, index: usize, change: impl FnOnce(&mut T)) {
        if let Some(mut fact) = self.get(index) {
            change(&mut fact);
            self.set(index, Some(fact));
        }
    }

    /// Changes every fact in place.
    pub fn change_all(&mut self, mut change: impl FnMut(usize, &mut T)) {
        for index in 0..self.len() {
            self.change(index, |fact| change(index, fact));
        }
    }

    /// Takes a zone out; those after it move up.
    pub fn remove(&mut self, index: usize) {
        self.packed.remove(index);
    }

    /// Every zone in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<T>> + '_ {
        self.packed.iter().map(|&packed| T::unpack(packed))
    }

    /// The zones that have a fact, with their index.
    pub fn facts(&self) -> impl Iterator<Item = (usize, T)> + '_ {
        self.iter().enumerate().filter_map(|(index, fact)| Some((index, fact?)))
    }

    /// How many zones have a fact.
    pub fn count(&self) -> usize {
        self.iter().flatten().count()
    }

    /// The fact of the next zone, while a layer is made.
    pub fn push(&mut self, fact: Option<T>) {
        self.packed.push(T::pack(fact));
    }

    /// Puts a layer that was made in parts together.
    pub fn extend(&mut self, part: &Self) {
        self.packed.extend_from_slice(&part.packed);
    }
}

impl<T: Fact> FromIterator<Option<T>> for Dense<T> {
    fn from_iter<I: IntoIterator<Item = Option<T>>>(facts: I) -> Self {
        Self { packed: facts.into_iter().map(T::pack).collect() }
    }
}

/// 0 where there is none, or one that no dense layer can name.
fn packed_id(id: ProvenanceId) -> u16 {
    u16::try_from(id.0).unwrap_or(0)
}

fn id(packed: u16) -> Option<ProvenanceId> {
    (packed != 0).then_some(ProvenanceId(packed.into()))
}

fn short(metres: i32) -> i16 {
    metres.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

fn unsigned(number: u32) -> u16 {
    number.min(u16::MAX.into()) as u16
}

/// mean, min, max, slope, ruggedness, provenance
impl Fact for Terrain {
    type Packed = (i16, i16, i16, u16, u16, u16);

    fn pack(fact: Option<Self>) -> Self::Packed {
        fact.map_or((0, 0, 0, 0, 0, 0), |t| {
            (
                short(t.elevation_mean_m),
                short(t.elevation_min_m),
                short(t.elevation_max_m),
                unsigned(t.slope_permille),
                unsigned(t.ruggedness_m),
                packed_id(t.provenance),
            )
        })
    }

    fn unpack((mean, min, max, slope, ruggedness, provenance): Self::Packed) -> Option<Self> {
        Some(Self {
            elevation_mean_m: mean.into(),
            elevation_min_m: min.into(),
            elevation_max_m: max.into(),
            slope_permille: slope.into(),
            ruggedness_m: ruggedness.into(),
            provenance: id(provenance)?,
        })
    }
}

/// land in thousandths, provenance, kind
impl Fact for Surface {
    type Packed = (u16, u16, SurfaceKind);

    fn pack(fact: Option<Self>) -> Self::Packed {
        fact.map_or((0, 0, SurfaceKind::Sea), |s| {
            (s.land_permille, packed_id(s.provenance), s.kind)
        })
    }

    fn unpack((land_permille, provenance, kind): Self::Packed) -> Option<Self> {
        Some(Self { kind, land_permille, provenance: id(provenance)? })
    }
}

/// mean, max, provenance
impl Fact for Bathymetry {
    type Packed = (u16, u16, u16);

    fn pack(fact: Option<Self>) -> Self::Packed {
        fact.map_or((0, 0, 0), |b| {
            (unsigned(b.depth_mean_m), unsigned(b.depth_max_m), packed_id(b.provenance))
        })
    }

    fn unpack((mean, max, provenance): Self::Packed) -> Option<Self> {
        Some(Self {
            depth_mean_m: mean.into(),
            depth_max_m: max.into(),
            provenance: id(provenance)?,
        })
    }
}

impl Fact for Climate {
    type Packed = (u16, Option<Koppen>);

    fn pack(fact: Option<Self>) -> Self::Packed {
        fact.map_or((0, None), |c| (packed_id(c.provenance), Some(c.koppen)))
    }

    fn unpack((provenance, koppen): Self::Packed) -> Option<Self> {
        Some(Self { koppen: koppen?, provenance: id(provenance)? })
    }
}

impl Fact for LandCover {
    type Packed = (u16, Option<Igbp>);

    fn pack(fact: Option<Self>) -> Self::Packed {
        fact.map_or((0, None), |c| (packed_id(c.provenance), Some(c.igbp)))
    }

    fn unpack((provenance, igbp): Self::Packed) -> Option<Self> {
        Some(Self { igbp: igbp?, provenance: id(provenance)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_comes_out_as_it_went_in_and_a_number_too_large_stays_too_large() {
        let terrain = |metres| Terrain {
            elevation_mean_m: metres,
            elevation_min_m: -11_000,
            elevation_max_m: 8_900,
            slope_permille: 400,
            ruggedness_m: 90,
            provenance: ProvenanceId(3),
        };
        let layer: Dense<Terrain> =
            [Some(terrain(12)), None, Some(terrain(70_000))].into_iter().collect();
        assert_eq!(layer.get(0), Some(terrain(12)));
        assert_eq!(layer.get(1), None);
        assert_eq!(layer.get(2).map(|t| t.elevation_mean_m), Some(32_767));
        assert_eq!((layer.count(), layer.get(3)), (2, None));

        let climate = Climate { koppen: "Csa".parse().unwrap(), provenance: ProvenanceId(9) };
        let mut layer: Dense<Climate> = Dense::empty(2);
        layer.set(1, Some(climate));
        assert_eq!(layer.facts().collect::<Vec<_>>(), [(1, climate)]);
    }

    #[test]
    fn ten_million_zones_of_all_dense_layers_are_below_half_a_gibibyte() {
        let bytes = size_of::<tessera_grid::Zone>()
            + size_of::<<Terrain as Fact>::Packed>()
            + size_of::<<Surface as Fact>::Packed>()
            + size_of::<<Bathymetry as Fact>::Packed>()
            + size_of::<<Climate as Fact>::Packed>()
            + size_of::<<LandCover as Fact>::Packed>();
        assert!(bytes * 10_400_000 < 1 << 29, "{bytes} bytes a zone");
    }
}
