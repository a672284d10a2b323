//! `[log]`: the access log, and the format of log lines.

use std::path::PathBuf;

use serde_json::Value;

use super::reader::{At, FromToml};
use super::schema;

/// `[log]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The destination of the access log.
    pub access: Access,
    /// The format of log lines, including those of requests.
    pub format: LogFormat,
}

/// The destination of the access log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Access {
    /// Nowhere.
    #[default]
    Off,
    /// To stderr, like the log.
    Stderr,
    /// To a file, relative to the configuration.
    File(PathBuf),
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people; requests in the Combined Log Format.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

impl FromToml for Access {
    fn read(at: At<'_>) -> Option<Self> {
        match &*String::read(at)? {
            "off" => Some(Self::Off),
            "stderr" => Some(Self::Stderr),
            "" => at.error(
                "is empty. Write \"off\", \"stderr\" or a file like \"/var/log/feedmill/access.log\".",
            ),
            path => Some(Self::File(path.into())),
        }
    }

    fn describe() -> Value {
        schema::filled_text()
    }
}

pub(super) fn read(at: At<'_>) -> Option<Log> {
    let mut table = at.table()?;
    let log = Log {
        access: table.get("access").unwrap_or_default(),
        format: table
            .word("format", &[("text", LogFormat::Text), ("json", LogFormat::Json)])
            .unwrap_or_default(),
    };
    table.refuse_unknown();
    Some(log)
}
