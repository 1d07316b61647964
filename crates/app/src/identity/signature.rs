//! Signatures of passkeys and identity providers: RS256, ES256 and EdDSA, and no other.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
};

/// An algorithm we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSA PKCS #1 v1.5 with SHA-256, keys from 2048 bits.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// By its name in a token's header; the case counts.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

/// A public key. Its form says which algorithm it serves, so that no key is used for another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// Modulus and exponent.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// Uncompressed point.
    P256(Vec<u8>),
    /// Thirty-two bytes.
    Ed25519(Vec<u8>),
}

/// How an ECDSA signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Two numbers of 32 bytes (tokens).
    Fixed,
    /// ASN.1 DER (passkeys).
    Der,
}

impl PublicKey {
    /// A point from its coordinates.
    pub(crate) fn p256(x: &[u8], y: &[u8]) -> Option<Self> {
        let whole = x.len() == 32 && y.len() == 32;
        whole.then(|| Self::P256([&[4], x, y].concat()))
    }

    /// An RSA key; leading zeros of its numbers are left out, as the library wants it.
    pub(crate) fn rsa(n: &[u8], e: &[u8]) -> Option<Self> {
        let trimmed = |b: &[u8]| {
            b.iter()
                .copied()
                .skip_while(|x| *x == 0)
                .collect::<Vec<u8>>()
        };
        let (n, e) = (trimmed(n), trimmed(e));
        (n.len() >= 256 && !e.is_empty()).then_some(Self::Rsa { n, e })
    }

    /// The algorithm of this form of key.
    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa { .. } => Algorithm::Rs256,
            Self::P256(_) => Algorithm::Es256,
            Self::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// Whether a signature over a message is this key's.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8], form: Form) -> bool {
        match self {
            Self::Rsa { n, e } => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
            Self::P256(point) => {
                let how = match form {
                    Form::Fixed => &ECDSA_P256_SHA256_FIXED,
                    Form::Der => &ECDSA_P256_SHA256_ASN1,
                };
                UnparsedPublicKey::new(how, point)
                    .verify(message, signature)
                    .is_ok()
            }
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key)
                .verify(message, signature)
                .is_ok(),
        }
    }
}
