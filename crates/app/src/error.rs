//! The one error of the use cases: what a person has to know to go on, and for operators the chain of causes.
//!
//! Each room has typed errors of its own; here they become one of a few answers that every way in (terminal, page,
//! programming interface) can tell apart.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use throughline_core::Finding;
use throughline_ledger::Commit;
use throughline_model::text::Diagnostic;

use crate::remarks::Remarks;

/// How long to wait before what is not available is asked for again: a server that was restarted is back by then.
pub const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Why a use case was not carried out. Nothing was changed.
#[derive(Debug)]
pub enum AppError {
    /// What was asked for cannot be: a name, a period or a date that is none.
    BadRequest {
        /// What is wrong, in one plain sentence without a full stop.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// What was handed in has errors; all of them, with the warnings beside them.
    BadInput {
        /// What was not done because of them.
        message: String,
        /// Each error and warning.
        remarks: Remarks,
    },
    /// There is no such thing, or the actor may not know of it.
    NotFound {
        /// What was looked for.
        message: String,
        /// What to do about it.
        help: Option<String>,
        /// Whether it was asked for by a name that nothing has, or nothing that the actor may know of.
        is_by_name: bool,
    },
    /// The actor may see it, and may not do this with it.
    Forbidden {
        /// What the actor may not do.
        message: String,
    },
    /// Somebody else changed the same thing in the meantime.
    Conflict {
        /// What was not done because of it.
        message: String,
        /// Each thing that was changed on both sides.
        conflicts: Vec<PlanConflict>,
    },
    /// The idempotency key was used for another request.
    KeyReused,
    /// It was tried too often in vain.
    TooManyAttempts {
        /// How long to wait.
        wait: Duration,
    },
    /// It does not work just now: the database is away, somebody else holds the ledger, the disk is full. Nothing was
    /// changed, and the same request can succeed later.
    Unavailable {
        /// What is in the way, and what to do about it.
        message: String,
    },
    /// It did not work, though nothing was wrong with what was asked.
    Failed {
        /// What failed.
        message: String,
        /// What to do about it.
        help: Option<String>,
        /// Why.
        cause: Option<Box<dyn Error + Send + Sync>>,
    },
}

/// A part of the plan that was changed on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanConflict {
    /// What stands there at the base, in the folder and in the ledger, and what to do.
    pub finding: Finding,
    /// Where it stands in the folder.
    pub diagnostic: Option<Diagnostic>,
    /// The commit that last changed the record in the ledger.
    pub changed_by: Option<Commit>,
    /// The key of its author.
    pub author: Option<String>,
}

impl AppError {
    /// A request that cannot be, without help.
    pub fn bad_request(message: impl Into<String>) -> Self {
        AppError::BadRequest {
            message: message.into(),
            help: None,
        }
    }

    /// Something that is not there, without help.
    pub fn not_found(message: impl Into<String>) -> Self {
        AppError::NotFound {
            message: message.into(),
            help: None,
            is_by_name: false,
        }
    }

    /// A name that nothing has, or nothing that the actor may know of, without help.
    pub fn unknown_name(message: impl Into<String>) -> Self {
        AppError::NotFound {
            message: message.into(),
            help: None,
            is_by_name: true,
        }
    }

    /// A failure with its cause.
    pub fn failed(
        message: impl Into<String>,
        cause: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        AppError::Failed {
            message: message.into(),
            help: None,
            cause: Some(cause.into()),
        }
    }

    /// The error, with this help where it takes one and has none.
    #[must_use]
    pub fn with_help(mut self, text: impl Into<String>) -> Self {
        match &mut self {
            AppError::BadRequest { help, .. }
            | AppError::NotFound { help, .. }
            | AppError::Failed { help, .. } => {
                help.get_or_insert_with(|| text.into());
            }
            AppError::BadInput { .. }
            | AppError::Forbidden { .. }
            | AppError::Conflict { .. }
            | AppError::KeyReused
            | AppError::TooManyAttempts { .. }
            | AppError::Unavailable { .. } => {}
        }
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            AppError::BadRequest { help, .. }
            | AppError::NotFound { help, .. }
            | AppError::Failed { help, .. } => help.as_deref(),
            AppError::KeyReused => {
                Some("take a new key for each new request, and repeat a request as it was")
            }
            AppError::BadInput { .. }
            | AppError::Forbidden { .. }
            | AppError::Conflict { .. }
            | AppError::TooManyAttempts { .. }
            | AppError::Unavailable { .. } => None,
        }
    }

    /// How long to wait before the same request is worth making again; `None` where waiting does not help.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            AppError::Unavailable { .. } => Some(RETRY_AFTER),
            AppError::TooManyAttempts { wait } => Some(*wait),
            _ => None,
        }
    }

    /// A short word for the sort of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            AppError::BadRequest { .. } => "bad-request",
            AppError::BadInput { .. } => "bad-input",
            AppError::NotFound { .. } => "not-found",
            AppError::Forbidden { .. } => "forbidden",
            AppError::Conflict { .. } => "conflict",
            AppError::KeyReused => "key-reused",
            AppError::TooManyAttempts { .. } => "too-many-attempts",
            AppError::Unavailable { .. } => "unavailable",
            AppError::Failed { .. } => "failed",
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppError::BadRequest { message, .. }
            | AppError::BadInput { message, .. }
            | AppError::NotFound { message, .. }
            | AppError::Forbidden { message }
            | AppError::Conflict { message, .. }
            | AppError::Unavailable { message }
            | AppError::Failed { message, .. } => f.write_str(message),
            AppError::TooManyAttempts { wait } => {
                let minutes = wait.as_secs().div_ceil(60);
                write!(
                    f,
                    "this was tried too often; wait {}",
                    crate::words::count(minutes, "minute")
                )
            }
            AppError::KeyReused => f.write_str("this idempotency key was used for another request"),
        }
    }
}

impl Error for AppError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            AppError::Failed {
                cause: Some(cause), ..
            } => Some(cause.as_ref()),
            _ => None,
        }
    }
}
