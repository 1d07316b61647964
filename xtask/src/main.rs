//! Developer commands: `cargo xtask <command>`.

mod audit;
mod bench;
mod data;
mod fuzz;
mod generate;
mod screenshots;
mod shell;
mod test;
mod words;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test [--no-browser] [--no-postgres] [FILTER]   install or start what the tests need, run every test
  nightly [SECONDS] [FILTER]                     the tests with a night's numbers, then so many seconds of fuzzing
  audit [--update DIR]                           licences, sources, advisories of what we depend on
  fuzz [SECONDS] [TARGET]                        any bytes to every reader; libFuzzer where it is installed
  generate [--check]                             docs/reference from the code; --check fails on a difference
  bench import|demo|...                          figures on release builds, as ratios against something named
  screenshots                                    the pictures of the README, from the demonstration
  data --from DIR                                the shipped data from the public files it was made of
  words CODE [KIND...]                           what a language does not say yet of the kinds of record";

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let done = match args.first().map(String::as_str) {
        Some("audit") => audit::run(rest),
        Some("bench") => bench::run(rest),
        Some("data") => data::run(rest),
        Some("fuzz") => fuzz::run(rest),
        Some("generate") => generate::run(rest),
        Some("nightly") => test::nightly::run(rest),
        Some("screenshots") => screenshots::run(rest),
        Some("test") => test::run(rest),
        Some("words") => words::run(rest),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            std::process::ExitCode::FAILURE
        }
    }
}
