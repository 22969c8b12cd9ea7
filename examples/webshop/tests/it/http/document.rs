//! `/openapi.json`, and responses compared with it.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value;
use webshop::{http::OPENAPI, load::Reply};

/// A method, a path of the document, a status, and the code of a refusal.
pub(crate) type Seen = (String, String, u16, String);

pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(OPENAPI).unwrap());

/// Compares a response with the document, and returns which of its responses it is.
#[track_caller]
pub(crate) fn check(method: &str, target: &str, reply: &Reply) -> Seen {
    let path = target.split('?').next().unwrap();
    let status = reply.status.as_u16();
    let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
    let (template, described) = match template(path) {
        None => ("none".to_owned(), &DOCUMENT["components"]["responses"]["RouteNotFound"]),
        Some(template) => match DOCUMENT["paths"][&template].get(method) {
            None => (template, &DOCUMENT["components"]["responses"]["MethodNotAllowed"]),
            Some(operation) => (template, resolved(&operation["responses"][status.to_string()])),
        },
    };
    let at = format!("{method} {template} {status} {code}");
    assert!(described.is_object(), "{at} is not described: {}", reply.text);
    let content_type = reply.headers["content-type"].to_str().unwrap();
    let content = &described["content"][content_type];
    assert!(content.is_object(), "{at}: {content_type} is not described");
    let json = content_type.starts_with("application/json");
    let body = if json { reply.json() } else { Value::String(reply.text.clone()) };
    conform(&body, &content["schema"], &at);
    headers(described, reply, &at);
    (method.to_owned(), template, status, code)
}

/// All responses that the document describes; none of a code where the response is no refusal.
pub(crate) fn described() -> BTreeSet<Seen> {
    let mut described = BTreeSet::new();
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                let content = resolved(response)["content"].as_object().unwrap();
                let codes =
                    content.values().next().unwrap()["schema"]["properties"]["code"]["enum"].as_array();
                let codes =
                    codes.map_or_else(|| vec![""], |codes| codes.iter().flat_map(Value::as_str).collect());
                described.extend(
                    codes
                        .into_iter()
                        .map(|code| (method.clone(), path.clone(), status.parse().unwrap(), code.to_owned())),
                );
            }
        }
    }
    described
}

fn template(path: &str) -> Option<String> {
    let fits = |template: &&String| {
        let (template, path) = (template.split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template
                .zip(path)
                .all(|(part, given)| part == given || (part.starts_with('{') && !given.is_empty()))
    };
    DOCUMENT["paths"].as_object().unwrap().keys().find(fits).cloned()
}

fn headers(described: &'static Value, reply: &Reply, at: &str) {
    for (name, header) in described["headers"].as_object().unwrap() {
        let header = resolved(header);
        match reply.headers.get(name) {
            None => assert_ne!(header["required"], true, "{at} has no {name}"),
            Some(value) => {
                let value = value.to_str().unwrap();
                let number = header["schema"]["type"] == "integer";
                let value = if number { value.parse::<u64>().unwrap().into() } else { Value::from(value) };
                conform(&value, &header["schema"], &format!("{at} {name}"));
            }
        }
    }
}

fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => value,
    }
}

/// The part of JSON Schema that the document uses. Another keyword is a panic, so that none is passed over.
fn conform(value: &Value, schema: &'static Value, at: &str) {
    for (keyword, rule) in schema.as_object().unwrap() {
        let length = value.as_str().map(|text| text.chars().count()).or(value.as_array().map(Vec::len));
        let count = || rule.as_u64().unwrap() as usize;
        let holds = match keyword.as_str() {
            "description" => true,
            "$ref" => {
                conform(value, resolved(schema), at);
                true
            }
            "allOf" => {
                rule.as_array().unwrap().iter().for_each(|schema| conform(value, schema, at));
                true
            }
            "type" => match rule.as_str().unwrap() {
                "string" => value.is_string(),
                "integer" => value.is_u64(),
                "array" => value.is_array(),
                "object" => value.is_object(),
                other => panic!("unknown type {other}"),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_u64() >= rule.as_u64(),
            "minLength" | "minItems" => length.unwrap() >= count(),
            "maxLength" | "maxItems" => length.unwrap() <= count(),
            "items" => {
                value.as_array().unwrap().iter().for_each(|item| conform(item, rule, at));
                true
            }
            "required" => {
                rule.as_array().unwrap().iter().all(|name| value.get(name.as_str().unwrap()).is_some())
            }
            "properties" => {
                for (name, member) in value.as_object().unwrap() {
                    if let Some(schema) = rule.get(name) {
                        conform(member, schema, &format!("{at} {name}"));
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = &schema["properties"];
                let others: Vec<_> =
                    value.as_object().unwrap().iter().filter(|(name, _)| known.get(name).is_none()).collect();
                match rule {
                    Value::Bool(false) => others.is_empty(),
                    rule => {
                        others.iter().for_each(|(_, member)| conform(member, rule, at));
                        true
                    }
                }
            }
            other => panic!("unknown keyword {other}"),
        };
        assert!(holds, "{at}: {value} does not keep to {keyword} {rule}");
    }
}
