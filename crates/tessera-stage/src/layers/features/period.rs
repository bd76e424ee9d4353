//! Names of periods and the years they stand for, astronomical, both among them.
//!
//! The periods of the Barrington Atlas do not overlap here: each ends the year before the next begins, so
//! that a coast known by periods has one shape in every year (decision 0007).

/// Barrington Atlas: Archaic, Classical, Hellenistic, Roman, Late Antique.
const BARRINGTON: [(char, i32, i32); 5] =
    [('A', -749, -550), ('C', -549, -330), ('H', -329, -30), ('R', -29, 299), ('L', 300, 640)];

/// The same by the names that folders and columns bear.
const NAMES: [(&str, char); 5] =
    [("archaic", 'A'), ("classical", 'C'), ("hellenistic", 'H'), ("roman", 'R'), ("late", 'L')];

/// When buildings of a group were put up. Each stood on; how long is mostly unknown.
const BUILT: [(&str, i32, i32); 18] = [
    ("republican", -149, -30),
    ("caesarean", -59, -43),
    ("augustan", -29, 14),
    ("julio-claudian", 14, 68),
    ("neronian", 54, 68),
    ("first-century", 1, 100),
    ("flavian", 69, 96),
    ("late-first-century", 75, 100),
    ("late-first-early-second-century", 75, 125),
    ("trajanic", 98, 117),
    ("hadrianic", 117, 138),
    ("second-century", 101, 200),
    ("late-second-century", 175, 200),
    ("severan", 193, 235),
    ("post-severan", 235, 284),
    ("third-century", 201, 300),
    ("fourth-century", 301, 400),
    ("imperial", -29, 300),
];

/// First and last year of a period by its name (`hellenistic`), or of Barrington letters (`HRL`, `RL?`).
pub fn years(text: &str) -> Option<(i32, i32)> {
    each(text)?.into_iter().reduce(|(first, last), (from, to)| (first.min(from), last.max(to)))
}

/// The years of every period that a text names, in its order.
pub fn each(text: &str) -> Option<Vec<(i32, i32)>> {
    let text = text.trim();
    let named = NAMES.iter().find(|(name, _)| text.eq_ignore_ascii_case(name));
    let letters = match named {
        Some((_, letter)) => letter.to_string(),
        None => text.trim_end_matches('?').to_owned(),
    };
    let of = |letter| BARRINGTON.iter().find(|(known, _, _)| *known == letter);
    letters.chars().map(|letter| of(letter).map(|&(_, from, to)| (from, to))).collect()
}

/// In which years a building of a group was put up.
pub fn built(group: &str) -> Option<(i32, i32)> {
    BUILT.iter().find(|(name, _, _)| *name == group.trim()).map(|&(_, from, to)| (from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_follow_each_other_without_gap_or_overlap() {
        for pair in BARRINGTON.windows(2) {
            assert_eq!(pair[0].2 + 1, pair[1].1, "{pair:?}");
        }
        let of = |year: i32| {
            BARRINGTON.iter().find(|(_, from, to)| (*from..=*to).contains(&year)).map(|p| p.0)
        };
        assert_eq!(
            tessera_world::STANDARD_EPOCHS.map(of),
            [Some('C'), Some('H'), Some('H'), Some('R'), Some('R'), Some('L'), Some('L')]
        );
    }

    #[test]
    fn letters_and_names_are_read_and_nothing_else() {
        assert_eq!(years("HRL"), Some((-329, 640)));
        assert_eq!(years("RL?"), Some((-29, 640)));
        assert_eq!(years("Hellenistic"), Some((-329, -30)));
        assert_eq!(each("HL"), Some(vec![(-329, -30), (300, 640)]));
        assert_eq!(years("BAtlas_20"), None);
        assert_eq!(years(""), None);
        assert_eq!(built("flavian"), Some((69, 96)));
    }
}
