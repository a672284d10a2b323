//! An http or https URL that is used exactly as written.

use serde_json::Value;

use super::reader::{At, FromToml};
use super::schema;
use super::values::BaseUrl;

/// A URL whose last `/` and query are significant.
pub(super) struct WebUrl(pub(super) String);

impl FromToml for WebUrl {
    fn read(at: At<'_>) -> Option<Self> {
        let written = String::read(at)?;
        let is_forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}#".contains(c);
        if written.contains(|c: char| is_forbidden(c) || !c.is_ascii()) {
            return at.error(
                "contains characters that no URL contains. Percent-encode them, and write host names as xn--….",
            );
        }
        match BaseUrl::parse(written.split('?').next().unwrap_or_default()) {
            Ok(_) => Some(Self(written)),
            Err(message) => at.error(message),
        }
    }

    fn describe() -> Value {
        schema::text_like(
            "^[Hh][Tt][Tt][Pp][Ss]?://[!$-.0-;=A-Z\\[\\]_a-z~]+([/?][!$-;=?-\\[\\]_a-z~]*)?$",
            "https://example.org/feed.xml",
        )
    }
}
