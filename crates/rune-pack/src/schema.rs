//! JSON schemas (draft 2020-12) of rule files, `pack.toml` and configuration files, made from the one table of keys.

use rune_model::{Confidence, Safety, Severity};
use serde_json::{Value, json};

use crate::config::{FIX_LIMITS, LEVELS};
use crate::field::{CONFIG, OVERRIDE, PACK_SOURCE, RULE_SETTING};
use crate::field::{EDIT, EXAMPLE, FIX, Field, MANIFEST, OPTION, PACK, RULE, SEVERITY, SKILL, Shape};
use crate::model::EditKind;

/// The schema of a rule file.
pub fn rule_schema() -> Value {
    let mut schema = object(RULE);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("rune rule");
    schema
}

/// The schema of a configuration file, and of the keys that stand for one in `pyproject.toml` and `package.json`.
pub fn config_schema() -> Value {
    let mut schema = object(CONFIG);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("rune configuration");
    let options = json!({ "type": ["string", "number", "boolean", "array"], "items": { "type": "string" } });
    let mut pack = object(PACK_SOURCE);
    pack["properties"]["options"]["additionalProperties"] = options;
    schema["properties"]["packs"]["additionalProperties"] = pack;
    let rules = json!({ "anyOf": [shape(Shape::Level), object(RULE_SETTING)] });
    schema["properties"]["rules"]["additionalProperties"] = rules.clone();
    let mut of_files = object(OVERRIDE);
    of_files["properties"]["rules"]["additionalProperties"] = rules;
    let overrides = &mut schema["properties"]["overrides"];
    overrides["type"] = json!("array");
    overrides["items"] = of_files;
    schema["properties"]["include"]["items"] = json!({ "enum": ["possible"] });
    schema
}

/// The schema of `pack.toml`.
pub fn pack_schema() -> Value {
    let mut schema = object(MANIFEST);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("rune pack");
    for (name, fields) in [("skills", SKILL), ("options", OPTION)] {
        schema["properties"][name]["additionalProperties"] = object(fields);
    }
    let about = schema["properties"]["pack"]["description"].take();
    schema["properties"]["pack"] = object(PACK);
    schema["properties"]["pack"]["description"] = about;
    schema
}

fn object(fields: &[Field]) -> Value {
    let properties: serde_json::Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut value = shape(field.shape);
            value["description"] = json!(field.about);
            (field.name.to_owned(), value)
        })
        .collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn shape(shape: Shape) -> Value {
    let words = |words: Vec<&str>| json!({ "enum": words });
    let severity = || words(Severity::ALL.iter().map(|s| s.as_str()).collect());
    let code = json!({ "anyOf": [{ "type": "string" }, { "type": "object", "additionalProperties": { "type": "string" } }] });
    match shape {
        Shape::Text | Shape::Dsl => json!({ "type": "string" }),
        Shape::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Shape::Severity => severity(),
        Shape::Severities => {
            json!({ "anyOf": [severity(), { "type": "array", "minItems": 1, "items": object(SEVERITY) }] })
        }
        Shape::Confidence => words(Confidence::ALL.iter().map(|s| s.as_str()).collect()),
        Shape::Safety => words(Safety::ALL.iter().map(|s| s.as_str()).collect()),
        Shape::TextMap => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Shape::Fixes => json!({ "anyOf": [object(FIX), { "type": "array", "items": object(FIX) }] }),
        Shape::Edits => {
            let operation = |kind: EditKind| {
                let mut keys = object(EDIT);
                keys["description"] = json!(kind.about());
                keys
            };
            let operations = EditKind::ALL.iter().map(|(name, kind)| ((*name).to_owned(), operation(*kind)));
            let one = json!({
                "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
                "properties": operations.collect::<serde_json::Map<_, _>>(),
            });
            json!({ "type": "array", "items": one })
        }
        Shape::Examples => json!({ "type": "array", "items": object(EXAMPLE) }),
        Shape::Code => code,
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Rows => json!({ "type": "array" }),
        Shape::Table => json!({ "type": "object" }),
        Shape::Level => words(LEVELS.iter().map(|(name, _)| *name).collect()),
        Shape::FixLimit => words(FIX_LIMITS.iter().map(|(name, _)| *name).collect()),
        Shape::Any => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys without a description, wherever they stand.
    fn undescribed(schema: &Value, at: &str, found: &mut Vec<String>) {
        let keys = schema["properties"].as_object().into_iter().flatten();
        found.extend(keys.filter(|(_, key)| !key["description"].is_string()).map(|(name, _)| format!("{at}/{name}")));
        match schema {
            Value::Object(inner) => inner.iter().for_each(|(name, inner)| undescribed(inner, &format!("{at}/{name}"), found)),
            Value::Array(items) => items.iter().for_each(|inner| undescribed(inner, at, found)),
            _ => {}
        }
    }

    #[test]
    fn every_key_has_a_text_for_completion() {
        let mut found = Vec::new();
        undescribed(&rule_schema(), "rule", &mut found);
        undescribed(&pack_schema(), "pack", &mut found);
        undescribed(&config_schema(), "config", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }
}
