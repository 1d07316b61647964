//! The OpenAPI 3.1 document, made from the endpoints and the schemas of their types.

use super::{Endpoint, endpoints};
use crate::view::problem;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// The document as text, ready to be served and to stand in the reference.
#[must_use]
pub fn openapi() -> String {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|s| s.definitions_path = "/components/schemas".into())
        .into_generator();
    let mut paths = Map::new();
    for endpoint in endpoints() {
        let question = (endpoint.question)(&mut generator).to_value();
        let answer = match (endpoint.answer)(&mut generator).to_value() {
            // An answer of any form is `true` as a schema; tools want an object.
            Value::Bool(true) => json!({}),
            answer => answer,
        };
        let question = resolve(&question, generator.definitions());
        let mut parameters = path_parameters(endpoint.path);
        parameters.extend(query_parameters(&question));
        let mut methods = writes(&endpoint, &parameters, &mut generator);
        if endpoint.reads {
            let read = json!({
                "summary": endpoint.summary,
                "operationId": operation_id("get", endpoint.path),
                "parameters": parameters,
                "responses": {
                    "200": {"description": "The answer.", "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": answer}}},
                    "304": {"description": "Not changed since the ETag in If-None-Match."},
                    "default": {"$ref": "#/components/responses/Problem"},
                },
            });
            methods.insert("get".to_owned(), read);
        }
        paths.insert(endpoint.path.to_owned(), Value::Object(methods));
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Symbolon API", "version": "1",
            "description": "The same questions the pages ask, with the same answers, for the same viewer.",
            "license": {"name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT"}},
        "servers": [{"url": "/"}],
        "security": [{}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": with_problem(generator.take_definitions(true)),
            "responses": {"Problem": {"description": problem_text(),
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "symbolon"}},
        },
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// What a path takes besides being read. Making asks for no version; changing does.
fn writes(
    endpoint: &Endpoint,
    asked: &[Value],
    generator: &mut SchemaGenerator,
) -> Map<String, Value> {
    let header = |name: &str, required: bool, what: &str| {
        json!({"name": name, "in": "header", "required": required, "description": what,
            "schema": {"type": "string"}})
    };
    let mut methods = Map::new();
    for write in &endpoint.writes {
        let object = |schema: Value| {
            if schema == Value::Bool(true) {
                json!({})
            } else {
                schema
            }
        };
        let body = object((write.body)(generator).to_value());
        let answer = object((write.answer)(generator).to_value());
        if write.asks {
            let question = json!({
                "summary": write.summary,
                "operationId": operation_id(write.method, endpoint.path),
                "parameters": asked,
                "requestBody": {"required": true, "content": {(write.media): {"schema": body}}},
                "responses": {
                    "200": {"description": "The answer.", "content": {(write.media): {"schema": answer}}},
                    "default": {"$ref": "#/components/responses/Problem"},
                },
            });
            methods.insert(write.method.to_owned(), question);
            continue;
        }
        let makes = write.method == "post" && !endpoint.path.contains("{id}");
        let mut parameters = path_parameters(endpoint.path);
        if !makes {
            let what = "The version worked on, as its ETag.";
            parameters.push(header("If-Match", true, what));
        }
        let what = "Any text: the same request under the same key takes effect once within a day.";
        parameters.push(header("Idempotency-Key", false, what));
        let status = if makes { "201" } else { "200" };
        methods.insert(
            write.method.to_owned(),
            json!({
                "summary": write.summary,
                "operationId": operation_id(write.method, endpoint.path),
                "parameters": parameters,
                "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
                "responses": {
                    status: {"description": "Done.", "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": answer}}},
                    "default": {"$ref": "#/components/responses/Problem"},
                },
            }),
        );
    }
    methods
}

fn with_problem(mut schemas: Map<String, Value>) -> Map<String, Value> {
    schemas.insert(
        "Problem".to_owned(),
        json!({"type": "object", "description": "RFC 9457 problem details.", "required": ["type", "title", "status"],
            "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                "detail": {"type": "string"}, "request_id": {"type": "string"},
                "errors": {"type": "array", "items": {"type": "object", "required": ["pointer", "code", "detail"],
                    "properties": {"pointer": {"type": "string"}, "code": {"type": "string"},
                        "detail": {"type": "string"}}}}}}),
    );
    schemas
}

fn problem_text() -> String {
    let slugs: Vec<&str> = problem::KINDS.iter().map(|k| k.slug).collect();
    format!(
        "A problem; its type is a page: /problems/ and one of {}.",
        slugs.join(", ")
    )
}

fn resolve(schema: &Value, definitions: &Map<String, Value>) -> Value {
    let name = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next());
    name.and_then(|n| definitions.get(n))
        .unwrap_or(schema)
        .clone()
}

fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect()
}

fn query_parameters(question: &Value) -> Vec<Value> {
    let members = question["properties"].as_object();
    members
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            let description = schema.as_object_mut().and_then(|s| s.remove("description")).unwrap_or_default();
            json!({"name": name, "in": "query", "required": false, "description": description, "schema": schema})
        })
        .collect()
}

fn operation_id(method: &str, path: &str) -> String {
    let words: Vec<&str> = path
        .split(['/', '{', '}', '.'])
        .filter(|w| !w.is_empty() && *w != "api" && *w != "v1")
        .collect();
    format!("{method}_{}", words.join("_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_every_endpoint_with_parameters_and_answer() {
        let document: Value = serde_json::from_str(&openapi()).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        for endpoint in endpoints().iter().filter(|e| e.reads) {
            let get = &document["paths"][endpoint.path]["get"];
            assert!(
                get["responses"]["200"]["content"]["application/json"]["schema"].is_object(),
                "{}",
                endpoint.path
            );
        }
        let training = document["paths"]["/api/v1/training"]["get"]["parameters"]
            .as_array()
            .unwrap()
            .clone();
        assert!(
            training
                .iter()
                .any(|p| p["name"] == "unit" && p["description"] != "")
        );
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let text = openapi();
        let document: Value = serde_json::from_str(&text).unwrap();
        for part in text.split("\"$ref\": \"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }

    #[test]
    fn operation_ids_differ() {
        let mut ids: Vec<String> = endpoints()
            .iter()
            .flat_map(|e| {
                let writes = e.writes.iter().map(|w| operation_id(w.method, e.path));
                writes
                    .chain([operation_id("get", e.path)])
                    .collect::<Vec<_>>()
            })
            .collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}
