//! Requests that leave the program: to identity providers and witnesses, and nowhere else. Which host may
//! be asked was decided before; here redirects are not followed, and time and size have their limits.

use base64ct::{Base64, Encoding};
use std::time::Duration;
use symbolon_app::identity::oidc::{Asked, Outward};
use ureq::Agent;

/// A request lasts no longer.
const PATIENCE: Duration = Duration::from_secs(10);
/// A document of a provider is no longer, bytes.
const LONGEST: u64 = 1024 * 1024;

/// HTTP as the operator's machine speaks it. Certificates are checked against the roots that Mozilla
/// trusts.
pub struct Http(Agent);

impl Http {
    /// A client for providers.
    pub fn new() -> Self {
        Self(agent())
    }
}

/// A client without memory: no cookies, no redirects, no proxy of the environment.
pub fn agent() -> Agent {
    let config = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .proxy(None)
        .user_agent(concat!("symbolon/", env!("CARGO_PKG_VERSION")))
        .build();
    config.into()
}

impl Outward for Http {
    fn ask(&self, asked: &Asked) -> Result<(u16, Vec<u8>), String> {
        let answer = match &asked.form {
            None => self.0.get(&asked.url).call(),
            Some(form) => {
                let mut request = self.0.post(&asked.url);
                if let Some((name, secret)) = &asked.basic {
                    request = request.header("authorization", basic(name, secret));
                }
                request.send_form(form.iter().map(|(n, v)| (n.as_str(), v.as_str())))
            }
        };
        let mut answer = answer.map_err(|e| format!("{}: {e}", asked.url))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(LONGEST).read_to_vec();
        Ok((status, body.map_err(|e| format!("{}: {e}", asked.url))?))
    }
}

/// Name and secret for HTTP Basic, both form-encoded first (RFC 6749 section 2.3.1).
fn basic(name: &str, secret: &str) -> String {
    let part = |s: &str| serde_urlencoded::to_string([("", s)]).unwrap_or_default();
    let [name, secret] = [part(name), part(secret)];
    let both = [&name[1..], ":", &secret[1..]].concat();
    format!("Basic {}", Base64::encode_string(both.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// One answer on a free port; the address and what was asked.
    fn answering(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/asked", listener.local_addr().unwrap());
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut seen = vec![0; 4096];
            let n = stream.read(&mut seen).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&seen[..n]).into_owned()
        });
        (url, asked)
    }

    fn get(url: String) -> Asked {
        Asked {
            url,
            form: None,
            basic: None,
        }
    }

    #[test]
    fn a_redirect_is_an_answer_and_is_not_followed() {
        let (url, asked) = answering(
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/elsewhere\r\ncontent-length: 0\r\n\r\n",
        );
        assert_eq!(Http::new().ask(&get(url)), Ok((302, vec![])));
        assert!(asked.join().unwrap().starts_with("GET /asked "));
    }

    #[test]
    fn a_document_that_is_too_long_is_refused() {
        let (url, asked) =
            answering("HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\nbeginning");
        assert!(Http::new().ask(&get(url)).is_err());
        asked.join().unwrap();
    }

    #[test]
    fn name_and_secret_are_encoded_before_they_are_joined() {
        // RFC 6749 section 2.3.1: a colon in the name must not end it.
        assert_eq!(basic("a:b", "c d"), "Basic YSUzQWI6Yytk");
    }
}
