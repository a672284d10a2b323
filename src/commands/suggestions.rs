//! Errors of the command line that name the option or command that was probably meant.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Names that other programs use for options and commands, and their names here.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("--json", "--format json"),
    ("--host", "--listen HOST:PORT"),
    ("--bind", "--listen HOST:PORT"),
    ("--address", "--listen HOST:PORT"),
    ("--base-url", "--public-url URL"),
    ("--baseURL", "--public-url URL"),
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
        let tip = format!("in place of '{name}' write '{own}'");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}
