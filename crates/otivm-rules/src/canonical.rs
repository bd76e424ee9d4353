//! Canonical JSON: one text for one value.
//!
//! Keys in byte order, no white space, integers only. So equal facts are equal bytes under the hash,
//! whoever wrote them; a float has no canonical text and is refused.

use serde::Serialize;
use serde_json::Value;

#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    #[error("{0} is not an integer; the timeline holds no fractions")]
    Fraction(serde_json::Number),
    #[error("the value cannot be written as JSON")]
    Json(#[source] serde_json::Error),
}

pub fn to_canonical(value: &impl Serialize) -> Result<String, CanonicalError> {
    let value = serde_json::to_value(value).map_err(CanonicalError::Json)?;
    let mut text = String::new();
    write(&value, &mut text)?;
    Ok(text)
}

fn write(value: &Value, text: &mut String) -> Result<(), CanonicalError> {
    match value {
        Value::Number(number) if number.is_f64() => {
            return Err(CanonicalError::Fraction(number.clone()));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, text);
                write(item, text)?;
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| key.as_bytes());
            text.push('{');
            for (index, (key, field)) in fields.into_iter().enumerate() {
                separate(index, text);
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(field, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn separate(index: usize, text: &mut String) {
    if index > 0 {
        text.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value = json!({"b": [{"z": 1, "a": null}], "a": "ū\n\"", "é": true, "z": -5});
        assert_eq!(
            to_canonical(&value).unwrap(),
            r#"{"a":"ū\n\"","b":[{"a":null,"z":1}],"z":-5,"é":true}"#
        );
    }

    #[test]
    fn a_fraction_is_refused() {
        assert_eq!(
            to_canonical(&json!({"x": 1.5})).unwrap_err().to_string(),
            "1.5 is not an integer; the timeline holds no fractions"
        );
    }
}
