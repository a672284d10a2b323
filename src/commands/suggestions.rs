//! Errors of the command line that name the option or command that was probably meant.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Names that other programs use for options and commands, and their names here.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("--json", "--format json (check, list, compare)"),
    ("--host", "--listen HOST:PORT (serve)"),
    ("--bind", "--listen HOST:PORT (serve)"),
    ("--address", "--listen HOST:PORT (serve)"),
    ("--base-url", "--public-url URL (serve, export)"),
    ("--baseURL", "--public-url URL (serve, export)"),
    ("--config-file", "--config FILE"),
    ("validate", "feedmill check"),
    ("lint", "feedmill check"),
    ("build", "feedmill export DIR"),
    ("generate", "feedmill export DIR"),
    ("version", "feedmill --version"),
];

/// An error with the name that was probably meant, in place of clap's tip to pass an option as a value.
pub(super) fn suggest(mut error: clap::Error) -> clap::Error {
    let kind = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => return error,
    };
    let Some(ContextValue::String(written)) = error.get(kind) else { return error };
    let name = written.split('=').next().unwrap_or_default().to_owned();
    error.remove(ContextKind::Suggested);
    if let Some((_, own)) = OTHER_NAMES.iter().find(|(other, _)| *other == name) {
        error.remove(ContextKind::SuggestedSubcommand);
        let tip = format!("in place of {name} write: {own}");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}
