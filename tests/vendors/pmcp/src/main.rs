//! Asks the crate pmcp, unchanged: a command as a line of JSON on standard input, its answer as one on standard output.

use std::io::{self, BufRead, Write};
use std::net::Ipv4Addr;
use std::sync::Arc;

use async_trait::async_trait;
use pmcp::client::auth::TokenExchangeClient;
use pmcp::server::auth::config::JwtValidatorConfig;
use pmcp::server::auth::{
    AuthContext, AuthProvider, DcrRequest, GenericOidcConfig, GenericOidcProvider, IdentityProvider, JwtValidator,
    MultiTenantJwtValidator, TokenValidator, ValidationConfig,
};
use pmcp::server::streamable_http_server::{StreamableHttpServer, StreamableHttpServerConfig};
use pmcp::types::capabilities::ServerCapabilities;
use pmcp::{RequestHandlerExtra, Server, ToolHandler};
use serde_json::{json, Value};
use tokio::sync::Mutex;

type Answer = Result<Value, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    for line in io::stdin().lock().lines() {
        let command: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let answer = match answer(&command).await {
            Ok(value) => value,
            Err(error) => json!({ "error": error.to_string() }),
        };
        println!("{answer}");
        io::stdout().flush().unwrap();
    }
}

async fn answer(command: &Value) -> Answer {
    match text(command, "do") {
        "validate" => validate(command).await,
        "validate-single" => validate_single(command).await,
        "provider" => provider(command).await,
        "register" => register(command).await,
        "exchange" => exchange(command).await,
        "refresh" => refresh(command).await,
        "serve" => serve(command).await,
        other => Err(format!("unknown command {other}").into()),
    }
}

/// Each of the tokens with the configuration of a vendor, whose public fields say where this issuer is.
async fn validate(command: &Value) -> Answer {
    let audience = text(command, "audience");
    let mut config = match text(command, "vendor") {
        "cognito" => ValidationConfig::cognito("eu-west-1", "eu-west-1_pool", audience),
        "auth0" => ValidationConfig::auth0("tenant.example", audience),
        "okta" => ValidationConfig::okta("tenant.example", audience),
        "entra" => ValidationConfig::entra("tenant", audience),
        "google" => ValidationConfig::google(audience),
        other => return Err(format!("unknown vendor {other}").into()),
    };
    config.issuer = text(command, "issuer").into();
    config.jwks_uri = text(command, "jwks_uri").into();
    let validator = MultiTenantJwtValidator::new();
    let mut found = Vec::new();
    for token in tokens(command) {
        found.push(verdict(validator.validate(token, &config).await));
    }
    Ok(Value::Array(found))
}

async fn validate_single(command: &Value) -> Answer {
    let validator = validator_of(command).await?;
    let mut found = Vec::new();
    for token in tokens(command) {
        found.push(verdict(validator.validate(token).await));
    }
    Ok(Value::Array(found))
}

async fn validator_of(command: &Value) -> Result<JwtValidator, Box<dyn std::error::Error>> {
    let config: JwtValidatorConfig = serde_json::from_value(json!({
        "issuer": command["issuer"], "audience": command["audience"],
    }))?;
    Ok(JwtValidator::new(config).await?)
}

/// An MCP server that its validator guards; it answers until the program ends.
async fn serve(command: &Value) -> Answer {
    let server = Server::builder()
        .name("guarded")
        .version("1.0.0")
        .capabilities(ServerCapabilities::tools_only())
        .tool("whoami", WhoAmI)
        .auth_provider(Guard(validator_of(command).await?))
        .build()?;
    let address = (Ipv4Addr::LOCALHOST, 0).into();
    let config = StreamableHttpServerConfig::stateless();
    let (bound, _) = StreamableHttpServer::with_config(address, Arc::new(Mutex::new(server)), config).start().await?;
    Ok(json!({ "server": format!("http://{bound}/") }))
}

struct Guard(JwtValidator);

#[async_trait]
impl AuthProvider for Guard {
    async fn validate_request(&self, header: Option<&str>) -> pmcp::Result<Option<AuthContext>> {
        let token = header
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token)
            .ok_or_else(|| pmcp::Error::authentication("no token"))?;
        self.0.validate_with_context(token, Some(&["mcp:read"])).await.map(Some)
    }
}

struct WhoAmI;

#[async_trait]
impl ToolHandler for WhoAmI {
    async fn handle(&self, _: Value, extra: RequestHandlerExtra) -> pmcp::Result<Value> {
        Ok(json!({ "user": extra.auth_context().map(AuthContext::user_id) }))
    }
}

async fn provider(command: &Value) -> Answer {
    let provider = provider_of(command).await?;
    let mut found = Vec::new();
    for token in tokens(command) {
        found.push(verdict(provider.validate_token(token).await));
    }
    let key_count = provider.jwks().await?["keys"].as_array().map_or(0, Vec::len);
    let mut answer = json!({ "verdicts": found, "issuer": provider.discovery().await?.issuer, "keys": key_count });
    if let Some(token) = command["userinfo"].as_str() {
        answer["userinfo"] = provider.user_info(token).await?;
    }
    if let Some(token) = command["revoke"].as_str() {
        provider.revoke_token(token).await?;
    }
    Ok(answer)
}

async fn register(command: &Value) -> Answer {
    let request: DcrRequest = serde_json::from_value(command["metadata"].clone())?;
    Ok(serde_json::to_value(provider_of(command).await?.register_client(request).await?)?)
}

async fn exchange(command: &Value) -> Answer {
    let response = TokenExchangeClient::new()
        .exchange_code(
            text(command, "token_endpoint"),
            text(command, "code"),
            text(command, "client_id"),
            command["client_secret"].as_str(),
            text(command, "redirect_uri"),
            command["code_verifier"].as_str(),
        )
        .await?;
    Ok(json!({ "access_token": response.access_token, "refresh_token": response.refresh_token }))
}

async fn refresh(command: &Value) -> Answer {
    let response = TokenExchangeClient::new()
        .refresh_token(
            text(command, "token_endpoint"),
            text(command, "refresh_token"),
            text(command, "client_id"),
            command["client_secret"].as_str(),
            None,
        )
        .await?;
    Ok(json!({ "access_token": response.access_token, "refresh_token": response.refresh_token }))
}

async fn provider_of(command: &Value) -> Result<GenericOidcProvider, pmcp::Error> {
    let config = GenericOidcConfig::new("devidp", "devidp", text(command, "issuer"), text(command, "client_id"));
    GenericOidcProvider::new(config).await
}

fn verdict(validated: pmcp::Result<AuthContext>) -> Value {
    match validated {
        Ok(found) => json!({
            "user": found.user_id(), "client": found.client_id, "scopes": found.scopes,
            "tenant": found.tenant_id(), "groups": found.groups(),
        }),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

fn text<'a>(command: &'a Value, name: &str) -> &'a str {
    command[name].as_str().unwrap_or_default()
}

fn tokens(command: &Value) -> impl Iterator<Item = &str> {
    command["tokens"].as_array().into_iter().flatten().filter_map(Value::as_str)
}
