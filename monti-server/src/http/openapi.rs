//! The OpenAPI document: the routes describe themselves where they are, the bodies are described
//! by [`schemas`].

mod schemas;

use axum::body::Bytes;
use serde_json::{Value, json};
use utoipa::openapi::{
    Components, Info, OpenApi, OpenApiBuilder,
    security::{Http, HttpAuthScheme, SecurityScheme},
};

/// The finished document, as it is sent.
#[derive(Debug, Clone)]
pub(super) struct Document(Bytes);

impl Document {
    /// Completes what the routes said of themselves: the bodies' schemas, and how every operation
    /// refuses.
    pub(super) fn new(routes: &OpenApi) -> Self {
        let mut document = json!(routes);
        document["components"]["schemas"] = schemas::all();
        let paths = document["paths"].as_object_mut().into_iter().flatten();
        let operations = paths.filter_map(|(_, path)| path.as_object_mut()).flatten();
        for (_, operation) in operations {
            operation["responses"]["default"] = refusal();
            if let Some(body) = operation.get_mut("requestBody") {
                body["required"] = true.into();
            }
        }
        Self(document.to_string().into())
    }

    pub(super) fn text(self) -> Bytes {
        self.0
    }
}

/// The document before its routes.
pub(super) fn frame() -> OpenApi {
    let mut info = Info::new("MONTI", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Live figures, history and supervision of a contact centre. Times are RFC 3339 UTC; \
         durations are numbers of seconds and end in `Seconds`; percentages are 0 to 100 and end \
         in `Percent`; a figure that has no value yet is `null`. What an operation's security \
         lists is the role it needs: `supervisor` may all that `viewer` may, `admin` everything."
            .to_owned(),
    );
    let mut components = Components::new();
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.security_schemes.insert("token".to_owned(), token.into());
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

fn refusal() -> Value {
    json!({
        "description": "It was not carried out, and changed nothing; the code tells why.",
        "content": {
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } },
        },
    })
}
