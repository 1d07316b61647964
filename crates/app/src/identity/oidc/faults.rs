//! A provider with faults: each of its lies is refused, and the honest answer is taken.

use super::{Asked, Outward, Returned};
use crate::identity::{Argon2Cost, Identities, Settings, base64url};
use crate::{App, AppError, NewAccount};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use symbolon_domain::kinds::Role;

const ISSUER: &str = "https://id.example";

/// What the provider answers next; tests bend it.
struct Bent {
    header: Value,
    claims: Value,
    sign: Sign,
    discovery: Value,
    token_type: &'static str,
    status: u16,
}

#[derive(Clone, Copy, PartialEq)]
enum Sign {
    Es256,
    EdDsa,
    /// HMAC with the public key as the secret: key confusion.
    Hs256WithPublicKey,
    None,
    Stranger,
    Broken,
}

struct Fake {
    bent: Mutex<Bent>,
    key: EcdsaKeyPair,
    other: EcdsaKeyPair,
    edwards: Ed25519KeyPair,
    asked: Mutex<Vec<Asked>>,
}

fn ec() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let key = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(how, key.as_ref(), &random).unwrap()
}

impl Fake {
    fn new() -> Self {
        let edwards = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self {
            bent: Mutex::new(honest(0, "")),
            key: ec(),
            other: ec(),
            edwards: Ed25519KeyPair::from_pkcs8(edwards.as_ref()).unwrap(),
            asked: Mutex::default(),
        }
    }

    fn keys(&self) -> Value {
        let point = self.key.public_key().as_ref();
        json!({"keys": [
            {"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "alg": "ES256",
             "x": base64url(&point[1..33]), "y": base64url(&point[33..])},
            {"kty": "OKP", "crv": "Ed25519", "kid": "two", "use": "sig",
             "x": base64url(self.edwards.public_key().as_ref())},
            {"kty": "oct", "kid": "shared", "k": base64url(b"a shared secret of some length...")},
        ]})
    }

    fn token(&self, bent: &Bent) -> String {
        let part = |v: &Value| base64url(v.to_string().as_bytes());
        let signed = format!("{}.{}", part(&bent.header), part(&bent.claims));
        let random = SystemRandom::new();
        let signature = match bent.sign {
            Sign::Es256 => self
                .key
                .sign(&random, signed.as_bytes())
                .unwrap()
                .as_ref()
                .to_vec(),
            Sign::Stranger => self
                .other
                .sign(&random, signed.as_bytes())
                .unwrap()
                .as_ref()
                .to_vec(),
            Sign::EdDsa => self.edwards.sign(signed.as_bytes()).as_ref().to_vec(),
            Sign::Hs256WithPublicKey => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, self.key.public_key().as_ref());
                hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
            }
            Sign::None => vec![],
            Sign::Broken => vec![1; 64],
        };
        format!("{signed}.{}", base64url(&signature))
    }
}

impl Outward for Fake {
    fn ask(&self, asked: &Asked) -> Result<(u16, Vec<u8>), String> {
        self.asked.lock().unwrap().push(asked.clone());
        let bent = self.bent.lock().unwrap();
        let answer = match asked.url.rsplit('/').next().unwrap() {
            "openid-configuration" => bent.discovery.clone(),
            "jwks" => self.keys(),
            "token" => {
                json!({"id_token": self.token(&bent), "access_token": "at", "token_type": bent.token_type})
            }
            other => panic!("asked for {other}"),
        };
        Ok((bent.status, answer.to_string().into_bytes()))
    }
}

fn discovery() -> Value {
    json!({"issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/auth"),
        "token_endpoint": format!("{ISSUER}/token"), "jwks_uri": format!("{ISSUER}/jwks"),
        "authorization_response_iss_parameter_supported": true})
}

fn honest(now: i64, nonce: &str) -> Bent {
    let at_hash = base64url(&Sha256::digest(b"at")[..16]);
    Bent {
        header: json!({"alg": "ES256", "kid": "one", "typ": "JWT"}),
        claims: json!({"iss": ISSUER, "aud": "us", "sub": "person-1", "exp": now + 300, "iat": now,
            "nonce": nonce, "groups": ["desk"], "name": "Invented Person", "sid": "s1",
            "email": "taken@example.org", "at_hash": at_hash}),
        sign: Sign::Es256,
        discovery: discovery(),
        token_type: "Bearer",
        status: 200,
    }
}

struct Instance {
    app: App,
    fake: Arc<Fake>,
    clock: symbolon_testkit::Clock,
    _directory: tempfile::TempDir,
}

fn instance() -> Instance {
    let settings = format!(
        "[[provider]]\nname = \"ministry\"\ntitle = \"Ministry\"\nissuer = \"{ISSUER}\"\nclient_id = \"us\"\n\
         nation = \"USA\"\nfirst_sign_in = \"create\"\nmap = [{{ claim = \"groups\", value = \"desk\", role = \"desk_officer\" }},\
         {{ claim = \"groups\", value = \"root\", role = \"administrator\" }}]"
    );
    let mut settings = Settings::parse(&settings).unwrap();
    settings.argon2 = Argon2Cost::FLOOR;
    let directory = symbolon_testkit::directory();
    let (around, clock) = symbolon_testkit::clocked(1);
    let file = directory.path().join("s.sqlite");
    let store = symbolon_store_sql::SqlStore::sqlite(&file, around.clone()).unwrap();
    let fake = Arc::new(Fake::new());
    let outward: Arc<dyn Outward> = Arc::<Fake>::clone(&fake);
    let app = App::with(
        Arc::new(store),
        around,
        Identities::new(settings, Some(outward)),
    );
    app.identity.serve_at("https://symbolon.example");
    Instance {
        app,
        fake,
        clock,
        _directory: directory,
    }
}

fn parameter(url: &str, name: &str) -> String {
    let query = url.split_once('?').unwrap().1;
    let found = query
        .split('&')
        .find_map(|p| p.strip_prefix(&format!("{name}=")));
    found.unwrap_or_default().to_owned()
}

/// Leaves for the provider and comes back, with whatever `bend` changes.
fn round(
    i: &Instance,
    bend: impl FnOnce(&mut Bent, &mut Returned, &mut String),
) -> Result<super::Arrived, AppError> {
    let public = i.app.public();
    let leaving = i.app.begin_oidc(&public, "ministry", "/training")?;
    let mut returned = Returned {
        code: "code".into(),
        state: parameter(&leaving.url, "state"),
        iss: Some(ISSUER.into()),
        error: String::new(),
    };
    let mut bent = honest(i.clock.now_ms() / 1000, &parameter(&leaving.url, "nonce"));
    let mut ticket = leaving.ticket;
    bend(&mut bent, &mut returned, &mut ticket);
    *i.fake.bent.lock().unwrap() = bent;
    i.app.finish_oidc(&public, "ministry", &ticket, &returned)
}

#[test]
fn r_35_an_honest_answer_signs_in_and_asks_with_pkce() {
    let i = instance();
    let arrived = round(&i, |_, _, _| {}).unwrap();
    assert_eq!(arrived.back, "/training");
    let viewer = i.app.viewer(&arrived.signed.token, "").unwrap().unwrap();
    assert_eq!(viewer.role(), Some(Role::DeskOfficer));
    let asked = i.fake.asked.lock().unwrap();
    let form = asked.iter().find_map(|a| a.form.clone()).unwrap();
    let verifier = &form.iter().find(|(k, _)| k == "code_verifier").unwrap().1;
    assert_eq!(verifier.len(), 43);
    drop(asked);
    // The same subject is the same account; another subject with the same address of mail is another.
    let again = round(&i, |_, _, _| {}).unwrap();
    assert_eq!(
        i.app
            .viewer(&again.signed.token, "")
            .unwrap()
            .unwrap()
            .account(),
        viewer.account()
    );
    let other = round(&i, |b, _, _| b.claims["sub"] = "person-2".into()).unwrap();
    assert_ne!(
        i.app
            .viewer(&other.signed.token, "")
            .unwrap()
            .unwrap()
            .account(),
        viewer.account()
    );
    let edwards = round(&i, |b, _, _| {
        b.header = json!({"alg": "EdDSA", "kid": "two"});
        b.sign = Sign::EdDsa;
    });
    assert!(edwards.is_ok());
}

type Bend = fn(&mut Bent, &mut Returned, &mut String);

#[test]
fn r_35_every_lie_of_a_provider_is_refused() {
    let faults: Vec<(&str, Bend)> = vec![
        ("wrong state", |_, r, _| r.state = "x".repeat(43)),
        ("no state", |_, r, _| r.state.clear()),
        ("mix-up: another issuer in the answer", |_, r, _| {
            r.iss = Some("https://evil.example".into())
        }),
        ("mix-up: no issuer in the answer", |_, r, _| r.iss = None),
        ("an error beside the code", |_, r, _| {
            r.error = "access_denied".into()
        }),
        ("no code", |_, r, _| r.code.clear()),
        ("no ticket of this browser", |_, _, t| t.clear()),
        ("a forged ticket", |_, _, t| t.replace_range(20..24, "AAAA")),
        ("wrong issuer", |b, _, _| {
            b.claims["iss"] = "https://evil.example".into()
        }),
        ("issuer with a slash more", |b, _, _| {
            b.claims["iss"] = format!("{ISSUER}/").into()
        }),
        ("wrong audience", |b, _, _| b.claims["aud"] = "them".into()),
        ("several audiences, not meant for us", |b, _, _| {
            b.claims["aud"] = json!(["us", "them"]);
            b.claims["azp"] = "them".into();
        }),
        ("several audiences without azp", |b, _, _| {
            b.claims["aud"] = json!(["us", "them"])
        }),
        ("no audience", |b, _, _| b.claims["aud"] = Value::Null),
        ("expired", |b, _, _| {
            b.claims["exp"] = (b.claims["iat"].as_i64().unwrap() - 61).into()
        }),
        ("no expiry", |b, _, _| b.claims["exp"] = Value::Null),
        ("not yet valid", |b, _, _| {
            b.claims["nbf"] = (b.claims["iat"].as_i64().unwrap() + 600).into()
        }),
        ("from the future", |b, _, _| {
            b.claims["iat"] = (b.claims["iat"].as_i64().unwrap() + 600).into()
        }),
        ("an hour old", |b, _, _| {
            b.claims["iat"] = (b.claims["iat"].as_i64().unwrap() - 3600).into()
        }),
        ("wrong nonce", |b, _, _| b.claims["nonce"] = "x".into()),
        ("no nonce", |b, _, _| b.claims["nonce"] = Value::Null),
        ("no subject", |b, _, _| b.claims["sub"] = "".into()),
        ("wrong hash of the access token", |b, _, _| {
            b.claims["at_hash"] = "x".into()
        }),
        ("a logout token", |b, _, _| b.claims["events"] = json!({})),
        ("type of another token", |b, _, _| {
            b.header["typ"] = "at+jwt".into()
        }),
        ("alg none", |b, _, _| {
            b.header["alg"] = "none".into();
            b.sign = Sign::None;
        }),
        ("alg NONE without signature", |b, _, _| {
            b.header["alg"] = "NoNe".into();
            b.sign = Sign::None;
        }),
        ("key confusion: HS256 with the public key", |b, _, _| {
            b.header["alg"] = "HS256".into();
            b.sign = Sign::Hs256WithPublicKey;
        }),
        ("ES256 claimed, HMAC made", |b, _, _| {
            b.sign = Sign::Hs256WithPublicKey
        }),
        ("EdDSA under the name of the other key", |b, _, _| {
            b.header["alg"] = "EdDSA".into();
            b.sign = Sign::EdDsa;
        }),
        ("a stranger's signature", |b, _, _| b.sign = Sign::Stranger),
        ("a broken signature", |b, _, _| b.sign = Sign::Broken),
        ("an unknown key", |b, _, _| {
            b.header["kid"] = "nobody".into()
        }),
        ("a key in the header", |b, _, _| {
            b.header["kid"] = "nobody".into();
            b.header["jwk"] = json!({"kty": "EC"});
            b.sign = Sign::Stranger;
        }),
        ("critical extensions", |b, _, _| {
            b.header["crit"] = json!(["b64"])
        }),
        ("not a bearer token", |b, _, _| b.token_type = "mac"),
        ("the provider answers 500", |b, _, _| b.status = 500),
        ("two roles at once", |b, _, _| {
            b.claims["groups"] = json!(["desk", "root"])
        }),
        ("a privileged role by claim alone", |b, _, _| {
            b.claims["groups"] = json!(["root"])
        }),
        ("no role", |b, _, _| b.claims["groups"] = json!([])),
    ];
    assert!(faults.len() >= 20);
    for (what, bend) in faults {
        let i = instance();
        let refused = round(&i, bend);
        assert!(matches!(refused, Err(AppError::SignIn(_))), "{what}");
        let system = i.app.system();
        let query = symbolon_store::query::RecordQuery::default();
        assert_eq!(
            i.app.store.count(&system, "session", &query).unwrap(),
            0,
            "{what}"
        );
    }
}

#[test]
fn r_35_a_provider_that_lies_about_itself_is_not_gone_to() {
    let lies: [(&str, Value); 5] = [
        ("issuer", "https://evil.example".into()),
        ("authorization_endpoint", "https://evil.example/auth".into()),
        ("token_endpoint", "http://id.example/token".into()),
        ("jwks_uri", "https://id.example@evil.example/jwks".into()),
        ("jwks_uri", "file:///etc/passwd".into()),
    ];
    for (member, lie) in lies {
        let i = instance();
        i.fake.bent.lock().unwrap().discovery[member] = lie;
        let refused = i.app.begin_oidc(&i.app.public(), "ministry", "");
        assert!(matches!(refused, Err(AppError::SignIn(_))), "{member}");
    }
}

#[test]
fn r_35_an_answer_works_once() {
    let i = instance();
    let mut first = None;
    round(&i, |_, r, t| first = Some((r.clone(), t.clone()))).unwrap();
    let (returned, ticket) = first.unwrap();
    let again = i
        .app
        .finish_oidc(&i.app.public(), "ministry", &ticket, &returned);
    assert!(matches!(again, Err(AppError::SignIn(_))));
}

#[test]
fn r_36_claims_follow_the_mapping_and_never_give_privileges() {
    let i = instance();
    let arrived = round(&i, |_, _, _| {}).unwrap();
    let id = i
        .app
        .viewer(&arrived.signed.token, "")
        .unwrap()
        .unwrap()
        .account()
        .unwrap();
    round(&i, |b, _, _| b.claims["groups"] = json!(["root"])).unwrap();
    assert_eq!(
        i.app.account_seen(&i.app.system(), id).unwrap().role,
        Role::DeskOfficer
    );
    let new = NewAccount {
        name: "X".into(),
        role: Role::Auditor,
        nation: "USA".parse().unwrap(),
        standing: None,
    };
    let auditor = i.app.add_account(&i.app.system(), &new).unwrap();
    i.app
        .tie_identity(&i.app.system(), auditor, ISSUER, "person-9")
        .unwrap();
    assert!(
        i.app
            .tie_identity(&i.app.system(), auditor, "https://evil.example", "x")
            .is_err()
    );
    let arrived = round(&i, |b, _, _| {
        b.claims["sub"] = "person-9".into();
        b.claims["groups"] = json!([]);
    });
    let token = arrived.unwrap().signed.token;
    assert_eq!(
        i.app.viewer(&token, "").unwrap().unwrap().role(),
        Some(Role::Auditor)
    );
}

#[test]
fn r_44_the_provider_ends_sessions_and_a_forged_end_does_not() {
    let i = instance();
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let send = |i: &Instance, bend: &dyn Fn(&mut Bent)| {
        let now = i.clock.now_ms() / 1000;
        let mut bent = honest(now, "");
        bent.header["typ"] = "logout+jwt".into();
        bent.claims = json!({"iss": ISSUER, "aud": "us", "iat": now, "exp": now + 120, "jti": "j1",
            "sid": "s1", "events": {event: {}}});
        bend(&mut bent);
        let token = i.fake.token(&bent);
        i.app.provider_logout("ministry", &token)
    };
    let token = round(&i, |_, _, _| {}).unwrap().signed.token;
    let faults: [&dyn Fn(&mut Bent); 8] = [
        &|b| b.claims["aud"] = "them".into(),
        &|b| b.claims["events"] = json!({}),
        &|b| b.claims["nonce"] = "n".into(),
        &|b| b.claims["jti"] = Value::Null,
        &|b| b.claims["sid"] = Value::Null,
        &|b| b.claims["exp"] = 1.into(),
        &|b| b.sign = Sign::Stranger,
        &|b| b.header["typ"] = "at+jwt".into(),
    ];
    for fault in faults {
        assert!(send(&i, fault).is_err());
        assert!(i.app.viewer(&token, "").unwrap().is_some());
    }
    send(&i, &|_| {}).unwrap();
    assert!(i.app.viewer(&token, "").unwrap().is_none());
    let later = round(&i, |_, _, _| {}).unwrap().signed.token;
    assert!(send(&i, &|_| {}).is_err(), "a logout token works once");
    assert!(i.app.viewer(&later, "").unwrap().is_some());
}
