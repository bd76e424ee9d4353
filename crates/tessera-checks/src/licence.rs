//! Which licences let facts into a release: the free ones, and those that an operator accepts by name.

/// Licences that let anyone use and pass on a dataset, as their SPDX identifiers begin, lower case.
const FREE: [&str; 12] = [
    "cc0-",
    "cc-by-",
    "cc-by-sa-",
    "odbl-",
    "odc-by-",
    "pddl-",
    "mit",
    "bsd-",
    "apache-",
    "unlicense",
    "0bsd",
    "public domain",
];
/// Clauses that take that back.
const NOT_FREE: [&str; 5] = ["-nc", "-nd", "noncommercial", "non-commercial", "unknown"];

/// What a dataset's licence breaks: the rule and a sentence, or nothing.
pub fn judge(dataset: &str, licence: &str, accepted: &[String]) -> Option<(&'static str, String)> {
    if licence.trim().is_empty() {
        return Some(("licence_missing", format!("dataset {dataset} names no licence")));
    }
    if is_free(licence) || accepted.iter().any(|name| name == licence) {
        return None;
    }
    let message = format!(
        "dataset {dataset} has the licence {licence:?}, which is not free; to take it all the same, \
         write exactly that into accept_licences"
    );
    Some(("licence_refused", message))
}

pub fn is_free(licence: &str) -> bool {
    let licence = licence.trim().to_lowercase();
    FREE.iter().any(|free| licence.starts_with(free))
        && !NOT_FREE.iter().any(|clause| licence.contains(clause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_licences_pass_and_others_only_by_their_exact_name() {
        for free in [
            "CC0-1.0",
            "CC-BY-SA-4.0",
            "CC-BY-3.0",
            "ODbL-1.0",
            "MIT",
            "Unlicense",
            "Public domain (US Government)",
            "BSD-3-Clause (package); map free with citation",
            "Apache-2.0 (as shipped in Magics)",
        ] {
            assert_eq!(judge("a", free, &[]), None, "{free}");
        }
        for other in [
            "CC-BY-NC-SA-3.0",
            "CC-BY-ND-4.0",
            "LGPL-3.0",
            "none stated",
            "MIT-like, non-commercial",
        ] {
            assert_eq!(
                judge("a", other, &[]).map(|(rule, _)| rule),
                Some("licence_refused"),
                "{other}"
            );
            assert_eq!(judge("a", other, &[other.to_owned()]), None);
        }
        assert_eq!(
            judge("a", " ", &[" ".to_owned()]).map(|(rule, _)| rule),
            Some("licence_missing")
        );
        let near = [String::from("CC-BY-NC-SA")];
        assert!(judge("a", "CC-BY-NC-SA-3.0", &near).is_some());
    }
}
