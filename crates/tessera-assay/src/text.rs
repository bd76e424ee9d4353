//! Numbers and names as a person reads them, safe inside HTML.

use tessera_grid::Position;

/// Text as HTML shows it, in an element or a quoted attribute: a name may hold anything.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// `212245` as `212,245`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Rounded, with a true minus sign and groups: `−5,292`.
pub(super) fn whole(number: f64) -> String {
    let size = thousands(number.abs().round() as u64);
    if number.round() < 0.0 { format!("−{size}") } else { size }
}

/// `1 error`, `2 errors`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number))
}

/// An astronomical year as historians write it.
pub(super) fn year(astronomical: i32) -> String {
    if astronomical > 0 {
        format!("AD {astronomical}")
    } else {
        format!("{} BC", 1 - i64::from(astronomical))
    }
}

/// `41.89° N, 12.49° E`.
pub(super) fn position(position: Position) -> String {
    let half = |degrees: f64, positive: char, negative: char| {
        let letter = if degrees < 0.0 { negative } else { positive };
        format!("{:.2}° {letter}", degrees.abs())
    };
    format!("{}, {}", half(position.latitude(), 'N', 'S'), half(position.longitude(), 'E', 'W'))
}

/// Text of at most so many letters; what is cut ends in an ellipsis.
pub(super) fn cut(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
    }
}

/// A share as a percentage with one digit.
pub(super) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{:.1} %", 100.0 * part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_name_is_text() {
        assert_eq!(
            escape("<script>alert('x')</script> & \"Co\""),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;Co&quot;"
        );
    }

    #[test]
    fn numbers_read_as_a_person_writes_them() {
        assert_eq!([0, 999, 1_000, 212_245].map(thousands), ["0", "999", "1,000", "212,245"]);
        assert_eq!(
            (counted(1, "note"), counted(2_000, "note")),
            ("1 note".into(), "2,000 notes".into())
        );
        assert_eq!(
            (year(150), year(0), year(-200)),
            ("AD 150".into(), "1 BC".into(), "201 BC".into())
        );
        assert_eq!(position(Position::new(-4.5, 12.486).unwrap()), "4.50° S, 12.49° E");
        assert_eq!((cut("Étang de Berre", 5), cut("Étang", 5)), ("Étang…".into(), "Étang".into()));
        assert_eq!((percent(1, 3), percent(0, 0)), ("33.3 %".into(), "–".into()));
    }
}
