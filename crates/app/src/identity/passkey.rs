//! Passkeys and security keys (WebAuthn level 2), without attestation: what a browser sends is checked
//! against the challenge, our origin and the key that was registered.

use super::{
    base, cbor,
    signature::{Form, PublicKey},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What a browser sends when a passkey is made. Bytes are base64url.
#[derive(Clone, Debug, Deserialize)]
pub struct Registration {
    /// `clientDataJSON`.
    pub client: String,
    /// `authenticatorData`.
    pub authenticator: String,
    /// Name its owner gives it.
    #[serde(default)]
    pub name: String,
}

/// What a browser sends when a passkey is used. Bytes are base64url.
#[derive(Clone, Debug, Deserialize)]
pub struct Assertion {
    /// Id of the passkey.
    pub id: String,
    /// `clientDataJSON`.
    pub client: String,
    /// `authenticatorData`.
    pub authenticator: String,
    /// The signature.
    pub signature: String,
}

/// Against what an answer is checked.
pub(crate) struct Wanted<'a> {
    /// Our origin: `https://symbolon.example`.
    pub(crate) origin: &'a str,
    /// The challenge given, base64url.
    pub(crate) challenge: &'a str,
}

/// A passkey read from a registration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) public_key: String,
    pub(crate) counter: i64,
}

#[derive(Deserialize)]
struct Client {
    #[serde(rename = "type")]
    what: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

struct Authenticator<'a> {
    flags: u8,
    counter: i64,
    rest: &'a [u8],
}

const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const ATTESTED: u8 = 64;

/// The relying party's id: the host of the origin.
pub(crate) fn host(origin: &str) -> &str {
    let rest = origin.split_once("://").map_or(origin, |(_, r)| r);
    rest.split([':', '/']).next().unwrap_or(rest)
}

fn client(wanted: &Wanted<'_>, bytes: &[u8], what: &str) -> Result<(), &'static str> {
    let client: Client = serde_json::from_slice(bytes).map_err(|_| "client data")?;
    if client.what != what {
        return Err("type of client data");
    }
    if !super::password::same(client.challenge.as_bytes(), wanted.challenge.as_bytes()) {
        return Err("challenge");
    }
    if client.origin != wanted.origin || client.cross_origin {
        return Err("origin");
    }
    Ok(())
}

fn authenticator<'a>(
    wanted: &Wanted<'_>,
    bytes: &'a [u8],
) -> Result<Authenticator<'a>, &'static str> {
    if bytes.len() < 37 {
        return Err("authenticator data");
    }
    if bytes[..32] != Sha256::digest(host(wanted.origin).as_bytes())[..] {
        return Err("relying party");
    }
    let flags = bytes[32];
    if flags & PRESENT == 0 || flags & VERIFIED == 0 {
        return Err("user presence and verification");
    }
    let counter = u32::from_be_bytes([bytes[33], bytes[34], bytes[35], bytes[36]]);
    Ok(Authenticator {
        flags,
        counter: counter.into(),
        rest: &bytes[37..],
    })
}

fn bytes(text: &str) -> Result<Vec<u8>, &'static str> {
    base::decode(text).ok_or("base64url")
}

/// Reads a new passkey.
pub(crate) fn made(wanted: &Wanted<'_>, new: &Registration) -> Result<Made, &'static str> {
    client(wanted, &bytes(&new.client)?, "webauthn.create")?;
    let data = bytes(&new.authenticator)?;
    let authenticator = authenticator(wanted, &data)?;
    if authenticator.flags & ATTESTED == 0 || authenticator.rest.len() < 18 {
        return Err("attested credential");
    }
    let length = usize::from(u16::from_be_bytes([
        authenticator.rest[16],
        authenticator.rest[17],
    ]));
    let (id, key) = authenticator.rest[18..]
        .split_at_checked(length)
        .ok_or("credential id")?;
    if id.is_empty() || id.len() > 1023 {
        return Err("credential id");
    }
    cbor::cose_key(key).ok_or("kind of key")?;
    Ok(Made {
        id: base::encode(id),
        public_key: base::encode(key),
        counter: authenticator.counter,
    })
}

/// Checks an answer against the key of the passkey; the new signature counter. A counter that went
/// back means a copied key.
pub(crate) fn used(
    wanted: &Wanted<'_>,
    answer: &Assertion,
    public_key: &str,
    last: i64,
) -> Result<i64, &'static str> {
    let client_data = bytes(&answer.client)?;
    client(wanted, &client_data, "webauthn.get")?;
    let data = bytes(&answer.authenticator)?;
    let counter = authenticator(wanted, &data)?.counter;
    let key: PublicKey = cbor::cose_key(&bytes(public_key)?).ok_or("kind of key")?;
    let message = [data.as_slice(), &Sha256::digest(&client_data)].concat();
    if !key.verifies(&message, &bytes(&answer.signature)?, Form::Der) {
        return Err("signature");
    }
    if (counter != 0 || last != 0) && counter <= last {
        return Err("signature counter");
    }
    Ok(counter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

    const ORIGIN: &str = "https://symbolon.example:8443";

    struct Key(EcdsaKeyPair);

    impl Key {
        fn new() -> Self {
            let random = SystemRandom::new();
            let how = &ECDSA_P256_SHA256_ASN1_SIGNING;
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
            Self(EcdsaKeyPair::from_pkcs8(how, pkcs8.as_ref(), &random).unwrap())
        }

        fn cose(&self) -> Vec<u8> {
            let point = self.0.public_key().as_ref();
            let head = [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32];
            [&head, &point[1..33], &[0x22, 0x58, 32], &point[33..]].concat()
        }

        fn answer(&self, what: &str, origin: &str, rp: &str, flags: u8, counter: u32) -> Assertion {
            let client = format!(
                r#"{{"type":"{what}","challenge":"Q0hBTExFTkdF","origin":"{origin}","crossOrigin":false}}"#
            );
            let data = authenticator_data(rp, flags, counter);
            let message = [data.as_slice(), &Sha256::digest(client.as_bytes())].concat();
            let signature = self.0.sign(&SystemRandom::new(), &message).unwrap();
            Assertion {
                id: "aWQ".into(),
                client: base::encode(client.as_bytes()),
                authenticator: base::encode(&data),
                signature: base::encode(signature.as_ref()),
            }
        }
    }

    fn authenticator_data(rp: &str, flags: u8, counter: u32) -> Vec<u8> {
        [
            &Sha256::digest(rp.as_bytes())[..],
            &[flags],
            &counter.to_be_bytes(),
        ]
        .concat()
    }

    fn wanted() -> Wanted<'static> {
        Wanted {
            origin: ORIGIN,
            challenge: "Q0hBTExFTkdF",
        }
    }

    #[test]
    fn r_37_a_passkey_is_registered_and_used() {
        let key = Key::new();
        let client = format!(
            r#"{{"type":"webauthn.create","challenge":"Q0hBTExFTkdF","origin":"{ORIGIN}"}}"#
        );
        let data = [
            authenticator_data("symbolon.example", PRESENT | VERIFIED | ATTESTED, 0),
            vec![0; 16],
            vec![0, 2, b'i', b'd'],
            key.cose(),
        ]
        .concat();
        let registration = Registration {
            client: base::encode(client.as_bytes()),
            authenticator: base::encode(&data),
            name: String::new(),
        };
        let made = made(&wanted(), &registration).unwrap();
        assert_eq!((made.id.as_str(), made.counter), ("aWQ", 0));
        let answer = key.answer("webauthn.get", ORIGIN, "symbolon.example", 5, 3);
        assert_eq!(used(&wanted(), &answer, &made.public_key, 2), Ok(3));
    }

    #[test]
    fn r_37_a_wrong_answer_of_a_passkey_is_refused() {
        let (key, other) = (Key::new(), Key::new());
        let public = base::encode(&key.cose());
        let get = "webauthn.get";
        let own = "symbolon.example";
        for (answer, why) in [
            (
                key.answer("webauthn.create", ORIGIN, own, 5, 1),
                "type of client data",
            ),
            (key.answer(get, "https://evil.example", own, 5, 1), "origin"),
            (
                key.answer(get, ORIGIN, "evil.example", 5, 1),
                "relying party",
            ),
            (
                key.answer(get, ORIGIN, own, VERIFIED, 1),
                "user presence and verification",
            ),
            (
                key.answer(get, ORIGIN, own, PRESENT, 1),
                "user presence and verification",
            ),
            (other.answer(get, ORIGIN, own, 5, 1), "signature"),
        ] {
            assert_eq!(used(&wanted(), &answer, &public, 0), Err(why));
        }
        let good = key.answer(get, ORIGIN, own, 5, 7);
        assert_eq!(used(&wanted(), &good, &public, 7), Err("signature counter"));
        let later = Wanted {
            origin: ORIGIN,
            challenge: "YW5vdGhlcg",
        };
        assert_eq!(used(&later, &good, &public, 0), Err("challenge"));
        assert_eq!(host(ORIGIN), "symbolon.example");
    }
}
