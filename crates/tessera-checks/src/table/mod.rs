//! The table of rules, in the order in which a run can break them.

mod air;
mod features;
mod files;
mod ground;
mod places;
mod record;
mod water;

use crate::finding::Severity;

/// What must hold, and why.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub code: &'static str,
    pub severity: Severity,
    pub layer: &'static str,
    /// What holds where the rule is kept.
    pub sentence: &'static str,
    pub why: &'static str,
}

const fn rule(
    code: &'static str,
    severity: Severity,
    layer: &'static str,
    sentence: &'static str,
    why: &'static str,
) -> Rule {
    Rule { code, severity, layer, sentence, why }
}

const PARTS: [&[Rule]; 7] = [
    files::RULES,
    places::RULES,
    ground::RULES,
    water::RULES,
    air::RULES,
    features::RULES,
    record::RULES,
];

const COUNT: usize = {
    let (mut count, mut part) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].len();
        part += 1;
    }
    count
};

static ALL: [Rule; COUNT] = {
    let mut all = [PARTS[0][0]; COUNT];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut row = 0;
        while row < PARTS[part].len() {
            all[at] = PARTS[part][row];
            at += 1;
            row += 1;
        }
        part += 1;
    }
    all
};

/// Every rule.
pub static TABLE: &[Rule] = &ALL;
