//! Which licences let facts into a release: the free ones, and those that an operator accepts by name.

/// Licences that let anyone use and pass on a dataset, by their whole SPDX identifiers, lower case.
const FREE: [&str; 25] = [
    "0bsd",
    "apache-2.0",
    "bsd-2-clause",
    "bsd-3-clause",
    "cc-by-1.0",
    "cc-by-2.0",
    "cc-by-2.5",
    "cc-by-3.0",
    "cc-by-4.0",
    "cc-by-sa-1.0",
    "cc-by-sa-2.0",
    "cc-by-sa-2.5",
    "cc-by-sa-3.0",
    "cc-by-sa-4.0",
    "cc0-1.0",
    "cdla-permissive-1.0",
    "cdla-permissive-2.0",
    "etalab-2.0",
    "mit",
    "mit-0",
    "odbl-1.0",
    "odc-by-1.0",
    "ogl-uk-3.0",
    "pddl-1.0",
    "unlicense",
];
/// What is no licence and needs none.
const PUBLIC_DOMAIN: &str = "public domain";
/// What publishers write behind a licence without taking anything back, lower case. Anything else may, so that
/// such a licence is accepted by its name alone.
const WORDINGS: [&str; 5] = [
    "(as shipped in magics)",
    "(natural earth)",
    "(package); map free with citation",
    "(us government data; the repository states no licence)",
    "(us government)",
];

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

/// A free licence by its whole name, with nothing behind it but a known wording.
pub fn is_free(licence: &str) -> bool {
    let licence = licence.trim().to_lowercase();
    FREE.iter().chain([&PUBLIC_DOMAIN]).any(|free| match licence.strip_prefix(free) {
        Some("") => true,
        Some(rest) => rest.strip_prefix(' ').is_some_and(|rest| WORDINGS.contains(&rest.trim())),
        None => false,
    })
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
            "Public domain",
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
            "UNLICENSED",
            "Public domainish",
            "CC-BY-4.0, non commercial use only",
            "CC-BY-4.0 for members",
            "Apache-2.0 (code); licence of the data not stated",
            "CC-BY-",
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
