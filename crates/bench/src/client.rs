//! A client that keeps its connection and asks one page after the other.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// One connection.
pub(crate) struct Client(BufReader<TcpStream>);

impl Client {
    pub(crate) fn new(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Asks for a page as a browser does; the bytes of its body as sent.
    pub(crate) fn get(&mut self, path: &str, cookie: &str) -> Result<usize, String> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nAccept-Encoding: gzip\r\n\r\n"
        );
        self.ask(path, &request, "200")
    }

    /// Sends JSON that makes a record.
    pub(crate) fn post(&mut self, path: &str, cookie: &str, body: &str) -> Result<usize, String> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.ask(path, &request, "201")
    }

    fn ask(&mut self, path: &str, request: &str, wanted: &str) -> Result<usize, String> {
        let failed = |e: std::io::Error| format!("{path}: {e}");
        self.0
            .get_mut()
            .write_all(request.as_bytes())
            .map_err(failed)?;
        let (mut length, mut chunked) = (0, false);
        let status = self.line().map_err(failed)?;
        loop {
            let line = self.line().map_err(failed)?.to_ascii_lowercase();
            match line.split_once(':') {
                None => break,
                Some(("content-length", n)) => length = n.trim().parse().unwrap_or(0),
                Some(("transfer-encoding", _)) => chunked = true,
                Some(_) => {}
            }
        }
        let mut bytes = 0;
        if chunked {
            loop {
                let size = self.line().map_err(failed)?;
                let n = usize::from_str_radix(&size, 16).map_err(|e| format!("{path}: {e}"))?;
                self.skip(n + 2).map_err(failed)?;
                bytes += n;
                if n == 0 {
                    break;
                }
            }
        } else {
            self.skip(length).map_err(failed)?;
            bytes = length;
        }
        if status.split(' ').nth(1) == Some(wanted) {
            Ok(bytes)
        } else {
            Err(format!("{path}: {status}"))
        }
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn skip(&mut self, n: usize) -> std::io::Result<()> {
        let mut body = (&mut self.0).take(n as u64);
        std::io::copy(&mut body, &mut std::io::sink()).map(|_| ())
    }
}
