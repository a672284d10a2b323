//! A request, independent of its connection.

use actix_web::http::Method;

use super::coding::Coding;
use super::conditional::Conditions;
use super::errors::ErrorForm;

/// A request without its connection.
#[derive(Debug, Clone)]
pub struct Request<'r> {
    /// The method.
    pub method: &'r Method,
    /// The path and query as sent, percent-encoded.
    pub target: &'r str,
    /// The validators of the client's copy.
    pub conditions: Conditions<'r>,
    /// The content coding that the client prefers.
    pub coding: Coding,
    /// `Accept`.
    pub accept: Option<&'r str>,
    /// True if a person navigates here in a browser.
    pub navigates: bool,
    /// `Range`.
    pub range: Option<&'r str>,
    /// `If-Range`.
    pub if_range: Option<&'r str>,
}

impl<'r> Request<'r> {
    /// A plain GET.
    pub fn get(target: &'r str) -> Self {
        let (conditions, coding) = (Conditions::default(), Coding::Identity);
        Self {
            method: &Method::GET,
            target,
            conditions,
            coding,
            accept: None,
            navigates: false,
            range: None,
            if_range: None,
        }
    }

    /// The form of an error response.
    pub(super) fn error_form(&self) -> ErrorForm {
        match self.navigates {
            _ if self.wants_problem() => ErrorForm::Problem,
            true => ErrorForm::Page,
            false => ErrorForm::Text,
        }
    }

    /// Returns true if the client accepts problem documents (RFC 9457).
    fn wants_problem(&self) -> bool {
        let accepted = self.accept.unwrap_or_default().split(',').map(|item| item.split(';').map(str::trim));
        accepted.into_iter().any(|mut parts| {
            let is_problem =
                parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/problem+json"));
            let is_refused = |part: &str| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
            is_problem && !parts.any(is_refused)
        })
    }
}
