//! From the start of `symbolon demo` to its first page, and the memory it holds then.

use super::{build, child::peak_of, rounds, spread};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Seconds to the first page.
const BAR: f64 = 10.0;
/// Memory, MB.
const PEAK: f64 = 300.0;

pub(super) fn run(args: &[String]) -> Result<(), String> {
    let rounds = rounds(args, 3)?;
    let program = build(&["symbolon-cli"])?.join("symbolon");
    let (mut times, mut peaks) = (vec![], vec![]);
    for round in 1..=rounds {
        let begun = Instant::now();
        let mut child = Command::new(&program)
            .args(["demo", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("{}: {e}", program.display()))?;
        let out = child
            .stdout
            .take()
            .ok_or("no output of the demonstration")?;
        let status = first_page(out);
        times.push(begun.elapsed().as_secs_f64());
        peaks.push(peak_of(child.id()).unwrap_or(0) as f64 * 1024.0 / 1e6);
        stop(&mut child);
        let status = status?;
        eprintln!(
            "round {round}: {:.2} s, {:.0} MB, {status}",
            times[round - 1],
            peaks[round - 1]
        );
    }
    let ((median, least, most), (_, _, peak)) = (spread(times), spread(peaks));
    println!("first page after {median:.2} s ({least:.2}-{most:.2}), peak {peak:.0} MB");
    if median > BAR || peak >= PEAK {
        return Err(format!("the bar is {BAR} s and {PEAK} MB"));
    }
    Ok(())
}

/// Waits for the address, asks for the first page, returns its status line.
fn first_page(out: ChildStdout) -> Result<String, String> {
    let mut lines = BufReader::new(out).lines().map_while(Result::ok);
    let line = lines
        .find(|l| l.starts_with("Listening on http://"))
        .ok_or("the demonstration ended before it listened")?;
    let address = line.trim_start_matches("Listening on http://").to_owned();
    let failed = |e: std::io::Error| format!("{address}: {e}");
    let mut stream = TcpStream::connect(&address).map_err(failed)?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .map_err(failed)?;
    let ask = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).map_err(failed)?;
    let mut page = String::new();
    stream.read_to_string(&mut page).map_err(failed)?;
    page.lines()
        .next()
        .map(str::to_owned)
        .ok_or_else(|| "an empty answer".to_owned())
}

/// Asks it to stop, so that it removes what it made.
fn stop(child: &mut Child) {
    let _ = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    let _ = child.wait();
}
