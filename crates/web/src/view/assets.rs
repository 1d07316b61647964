//! The static files, inside the binary, each with a fingerprint in its address so that it can be
//! kept by the browser for ever.

/// A static file.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Name under `/static/`.
    pub name: &'static str,
    /// Media type.
    pub media: &'static str,
    /// Content.
    pub bytes: &'static [u8],
    /// Fingerprint of the content.
    pub version: u64,
}

macro_rules! asset {
    ($name:literal, $media:literal) => {{
        const BYTES: &[u8] = include_bytes!(concat!("../../static/", $name));
        Asset {
            name: $name,
            media: $media,
            bytes: BYTES,
            version: const { fingerprint(BYTES) },
        }
    }};
}

/// Every static file there is. Serve `/static/{name}` from here with
/// `Cache-Control: public, max-age=31536000, immutable` when `?v=` matches.
pub static ASSETS: [Asset; 3] = [
    asset!("symbolon.css", "text/css; charset=utf-8"),
    asset!("symbolon.js", "text/javascript; charset=utf-8"),
    asset!("mark.svg", "image/svg+xml"),
];

/// The file with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|a| a.name == name)
}

/// The address of a file: `/static/symbolon.css?v=...`.
#[must_use]
pub fn href(name: &str) -> String {
    match find(name) {
        Some(asset) => format!("/static/{}?v={:016x}", asset.name, asset.version),
        None => format!("/static/{name}"),
    }
}

/// FNV-1a: enough to tell two versions of a file apart, and it can run at compile time.
const fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_stay_small_and_call_nobody() {
        let css = find("symbolon.css").unwrap();
        let js = find("symbolon.js").unwrap();
        assert!(css.bytes.len() < 40_000, "{}", css.bytes.len());
        assert!(js.bytes.len() < 10_000, "{}", js.bytes.len());
        for asset in &ASSETS {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            let calls = text.replace("http://www.w3.org/2000/svg", "");
            for call in ["http://", "https://", "url(", "@import"] {
                assert!(!calls.contains(call), "{} calls out", asset.name);
            }
        }
        assert_ne!(css.version, js.version);
    }
}
