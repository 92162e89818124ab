//! The OpenAPI document: it knows every route, and what the wire really looks like.

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::Value;

use crate::{
    roles::{ROUTES, Who},
    world::World,
};

#[test]
fn every_route_is_there_with_its_role() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut expected: Vec<_> = ROUTES
        .map(|(method, path, who)| (method.to_lowercase(), path.to_owned(), role(who)))
        .into();
    expected.sort();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let role = operation["security"][0]["token"][0].as_str().map(str::to_owned);
            found.push((method.clone(), path.clone(), role));
        }
    }
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn every_operation_says_how_it_refuses() {
    for operation in operations(&document()) {
        let refusal = &operation["responses"]["default"]["content"]["application/problem+json"];
        assert_eq!(refusal["schema"]["$ref"], "#/components/schemas/Problem", "{operation}");
        assert!(!operation["summary"].as_str().unwrap().is_empty());
    }
}

#[test]
fn a_body_that_is_described_is_required() {
    let document = document();
    let bodies = operations(&document).filter_map(|operation| operation.get("requestBody"));
    let required: Vec<_> = bodies.map(|body| body["required"].as_bool()).collect();
    assert_eq!(required, [Some(true); 2]);
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = document();
    let names: BTreeSet<_> =
        operations(&document).map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), ROUTES.len());
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_referred_to() {
    let document = document();
    let mut referred = BTreeSet::new();
    collect_references(&document, &mut referred);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let known: BTreeSet<_> = schemas.keys().cloned().collect();
    assert_eq!(referred, known);
}

#[test]
fn the_golden_files_are_what_the_schemas_describe() {
    let document = document();
    for (file, schema) in [
        ("rest_agent_history", "AgentHistory"),
        ("rest_call_stats", "CallStats"),
        ("rest_calls_page", "CallsPage"),
        ("rest_inject_request", "InjectRequest"),
        ("rest_inject_response", "InjectResponse"),
        ("rest_intervals", "QueueIntervals"),
        ("rest_problem", "Problem"),
        ("rest_snapshot", "LiveState"),
        ("rest_state_request", "StateRequest"),
    ] {
        Check { document: &document }.reference(schema, &golden(file), file);
    }
}

/// What may be left out of a body may be `null`.
#[test]
fn an_injection_may_say_null_for_what_it_leaves_out() {
    let nothing = serde_json::json!({
        "vq": "sales_general", "callerNumber": null, "priority": null, "count": null,
        "requestId": null,
    });
    Check { document: &document() }.reference("InjectRequest", &nothing, "an injection");
}

#[test]
fn what_the_server_answers_is_what_the_schemas_describe() {
    let (world, document) = (World::open(), document());
    world.log_in("ada");
    world.call();
    world.call();
    let check = Check { document: &document };
    for (path, schema) in [
        ("/api/agents/ada/history", "AgentHistory"),
        ("/api/calls", "CallsPage"),
        ("/api/queues/sales_general/intervals", "QueueIntervals"),
        ("/api/snapshot", "LiveState"),
        ("/internal/calls/stats", "CallStats"),
        ("/health", "Condition"),
        ("/ready", "Condition"),
    ] {
        check.reference(schema, &world.anyone().get(path).ok(), path);
    }
    check.reference("Problem", &world.anyone().get("/nowhere").json(), "a problem");
}

fn document() -> Value {
    World::open().anyone().get("/openapi.json").ok()
}

fn role(who: Who) -> Option<String> {
    match who {
        Who::Anyone => None,
        Who::Viewers => Some("viewer".to_owned()),
        Who::Supervisors => Some("supervisor".to_owned()),
    }
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let paths = document["paths"].as_object().unwrap().values();
    paths.flat_map(|methods| methods.as_object().unwrap().values())
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_references(value, found)),
        Value::Object(object) => {
            for (key, value) in object {
                match value.as_str().filter(|_| key == "$ref") {
                    Some(target) => {
                        let name = target.strip_prefix("#/components/schemas/").unwrap();
                        found.insert(name.to_owned());
                    }
                    None => collect_references(value, found),
                }
            }
        }
        _ => {}
    }
}

fn golden(name: &str) -> Value {
    let folder: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "..", "monti-core", "tests", "wire", "golden"]
            .iter()
            .collect();
    let text = fs::read_to_string(folder.join(format!("{name}.json"))).expect(name);
    serde_json::from_str(&text).unwrap()
}

/// Holds values against schemas, as far as the document uses JSON Schema. Stricter in one thing:
/// a key that is not described is an error everywhere.
struct Check<'a> {
    document: &'a Value,
}

impl Check<'_> {
    fn reference(&self, name: &str, value: &Value, at: &str) {
        let schema = &self.document["components"]["schemas"][name];
        assert!(schema.is_object(), "there is no schema {name}");
        self.value(schema, value, at);
    }

    fn value(&self, schema: &Value, value: &Value, at: &str) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.strip_prefix("#/components/schemas/").unwrap();
            return self.reference(name, value, at);
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            let [schema, null] = choices.as_slice() else { panic!("{at}: {schema}") };
            assert_eq!(null["type"], "null", "{at}");
            if !value.is_null() {
                self.value(schema, value, at);
            }
            return;
        }
        match schema["type"].as_str().expect(at) {
            "object" => self.object(schema, value, at),
            "array" => {
                for (place, item) in value.as_array().expect(at).iter().enumerate() {
                    self.value(&schema["items"], item, &format!("{at}[{place}]"));
                }
            }
            "string" => text(schema, value.as_str().unwrap_or_else(|| panic!("{at}: {value}")), at),
            "integer" => assert!(value.is_u64(), "{at}: {value}"),
            "number" => assert!(value.is_number(), "{at}: {value}"),
            "boolean" => assert!(value.is_boolean(), "{at}: {value}"),
            other => panic!("{at}: {other}"),
        }
        let number = value.as_f64();
        let bound = |key: &str| number.zip(schema[key].as_f64());
        assert!(bound("minimum").is_none_or(|(value, least)| value >= least), "{at}: {value}");
        assert!(bound("maximum").is_none_or(|(value, most)| value <= most), "{at}: {value}");
    }

    fn object(&self, schema: &Value, value: &Value, at: &str) {
        let object = value.as_object().unwrap_or_else(|| panic!("{at}: {value}"));
        if let Some(values) = schema["additionalProperties"].as_object() {
            let values = Value::Object(values.clone());
            for (key, value) in object {
                self.value(&schema["propertyNames"], &Value::String(key.clone()), at);
                self.value(&values, value, &format!("{at}.{key}"));
            }
            return;
        }
        for (key, value) in object {
            let property = &schema["properties"][key];
            assert!(property.is_object(), "{at}.{key} is not described");
            self.value(property, value, &format!("{at}.{key}"));
        }
        for key in schema["required"].as_array().unwrap() {
            assert!(object.contains_key(key.as_str().unwrap()), "{at} has no {key}");
        }
    }
}

fn text(schema: &Value, value: &str, at: &str) {
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.iter().any(|other| other == value), "{at}: {value}");
    }
    match schema["format"].as_str() {
        Some("date-time") => assert!(value.parse::<monti_core::Timestamp>().is_ok(), "{at}"),
        Some("date") => assert!(value.parse::<monti_core::Day>().is_ok(), "{at}"),
        Some(other) => panic!("{at}: {other}"),
        None => {}
    }
}
