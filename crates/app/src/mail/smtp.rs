//! Handing a mail to a mail server. What went wrong is told by whether the mail may have been sent: only one that was
//! surely not is tried again.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use tokio::time::timeout;

use super::letter::Letter;
use crate::AppError;

/// How long reaching the server and saying whom a mail is to may take.
const SAYING_MAX: Duration = Duration::from_secs(30);
/// How long handing over the mail itself may take.
const HANDING_MAX: Duration = Duration::from_secs(120);

/// The address of a mail server: `smtps://user@host:465`, or `smtp://` for one that is asked to encrypt (`STARTTLS`). On this
/// machine `smtp://` is not encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    is_encrypted_from_the_start: bool,
    host: String,
    port: u16,
    user: Option<String>,
}

impl FromStr for MailServer {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        // A password may stand in what was given, so it is not repeated.
        let wrong = |what: &str| {
            AppError::bad_request(format!("the address of the mail server {what}"))
                .with_help("write it like smtps://user@mail.example.org:465")
        };
        let (is_encrypted, rest) = match text.split_once("://") {
            Some(("smtps", rest)) => (true, rest),
            Some(("smtp", rest)) => (false, rest),
            _ => return Err(wrong("begins with neither smtps:// nor smtp://")),
        };
        let (user, place) = match rest.trim_end_matches('/').rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, rest.trim_end_matches('/')),
        };
        if user.is_some_and(|user| user.contains(':')) {
            let held = AppError::bad_request("the address of the mail server holds a password");
            return Err(held.with_help(
                "put the password into THROUGHLINE_MAIL_PASSWORD, or name its file with --mail-password-file",
            ));
        }
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (
                host,
                port.parse().map_err(|_| wrong("has a port that is none"))?,
            ),
            None if is_encrypted => (place, 465),
            None if is_here(place) => (place, 25),
            None => (place, 587),
        };
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter);
        if host.is_empty() || !host.chars().all(is_name) {
            return Err(wrong("names no host"));
        }
        Ok(MailServer {
            is_encrypted_from_the_start: is_encrypted,
            host: host.to_ascii_lowercase(),
            port,
            user: user.map(|user| user.replace("%40", "@")),
        })
    }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    host == "127.0.0.1" || host.eq_ignore_ascii_case("localhost")
}

impl MailServer {
    /// Whether it wants a password.
    #[must_use]
    pub fn wants_password(&self) -> bool {
        self.user.is_some()
    }
}

/// Why a mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotSent {
    /// The server cannot be reached, or takes no mail from here: that is so of all mails.
    Away(String),
    /// It does not take this mail now.
    NotNow(String),
    /// It never takes this mail.
    Refused(String),
    /// It was handed over and nothing came back: it may have been sent.
    Unknown(String),
}

/// What sends mails.
pub struct Mailer {
    server: MailServer,
    from: Mailbox,
    credentials: Option<Credentials>,
    /// How connections are encrypted; `None` on this machine.
    tls: Option<TlsParameters>,
    /// Scheme and name by which people reach the pages.
    pub(super) origin: String,
}

impl Mailer {
    /// Through a server, in the name of an address such as `Throughline <no-reply@example.org>`, with links to the pages at
    /// an origin such as `https://throughline.example.org`.
    ///
    /// # Errors
    /// If the address is none; if the server wants a password and none is given, or the other way round.
    pub fn new(
        server: MailServer,
        from: &str,
        password: Option<String>,
        origin: String,
    ) -> Result<Mailer, AppError> {
        let from = from.parse().map_err(|_| {
            AppError::bad_request(format!("`{from}` is no address that mails can come from"))
                .with_help("write it like \"Throughline <no-reply@example.org>\"")
        })?;
        let credentials = match (&server.user, password) {
            (Some(user), Some(password)) => Some(Credentials::new(user.clone(), password)),
            (None, None) => None,
            (Some(_), None) => {
                return Err(AppError::bad_request("the mail server has a user and no password")
                    .with_help("put it into THROUGHLINE_MAIL_PASSWORD, or name its file with --mail-password-file"));
            }
            (None, Some(_)) => {
                return Err(
                    AppError::bad_request("there is a password for mails and no user").with_help(
                        "name the user in the address: smtps://user@mail.example.org:465",
                    ),
                );
            }
        };
        let is_plain = !server.is_encrypted_from_the_start && is_here(&server.host);
        let tls = match is_plain {
            true => None,
            false => {
                let made = TlsParameters::new_rustls(server.host.clone());
                Some(made.map_err(|error| {
                    AppError::failed("mails cannot be sent encrypted", error.to_string())
                })?)
            }
        };
        Ok(Mailer {
            server,
            from,
            credentials,
            tls,
            origin,
        })
    }

    /// Hands a mail over.
    pub(super) async fn send(&self, letter: &Letter) -> Result<(), NotSent> {
        let refused = |error: &dyn std::error::Error| NotSent::Refused(error.to_string());
        let to: Address = letter.to.parse().map_err(|error| refused(&error))?;
        let message = self.message(letter, &to).map_err(|error| refused(&error))?;
        let too_slow = |_| NotSent::Away("the mail server does not answer in time".to_owned());
        let ready = timeout(SAYING_MAX, self.ready(to)).await;
        let mut connection = ready.map_err(too_slow)??;
        let handed = timeout(HANDING_MAX, connection.message(&message)).await;
        let unknown =
            || NotSent::Unknown("the mail server did not say whether it took it".to_owned());
        let answered = match handed {
            Err(_) => Err(unknown()),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(NotSent::Refused(error.to_string())),
            Ok(Err(error)) if error.is_transient() => Err(NotSent::NotNow(error.to_string())),
            Ok(Err(_)) => Err(unknown()),
        };
        // It was taken or not; how the connection ends changes nothing.
        drop(timeout(SAYING_MAX, connection.quit()).await);
        answered
    }

    /// A connection that waits for the mail itself.
    async fn ready(&self, to: Address) -> Result<AsyncSmtpConnection, NotSent> {
        let away = |error: Error| NotSent::Away(in_words(&error));
        let name = ClientId::Domain(self.from.email.domain().to_owned());
        let from_the_start = match self.server.is_encrypted_from_the_start {
            true => self.tls.clone(),
            false => None,
        };
        let place = (self.server.host.as_str(), self.server.port);
        let connected =
            AsyncSmtpConnection::connect_tokio1(place, None, &name, from_the_start, None);
        let mut connection = connected.await.map_err(away)?;
        if let (Some(tls), false) = (&self.tls, connection.is_encrypted()) {
            connection
                .starttls(tls.clone(), &name)
                .await
                .map_err(away)?;
        }
        if let Some(credentials) = &self.credentials {
            let shown = connection.auth(DEFAULT_MECHANISMS, credentials).await;
            shown.map_err(away)?;
        }
        let from = Mail::new(Some(self.from.email.clone()), Vec::new());
        connection.command(from).await.map_err(away)?;
        let of_this_mail = |error: Error| match (error.is_permanent(), error.is_transient()) {
            (true, _) => NotSent::Refused(error.to_string()),
            (_, true) => NotSent::NotNow(error.to_string()),
            _ => away(error),
        };
        let said = connection.command(Rcpt::new(to, Vec::new())).await;
        said.map_err(of_this_mail)?;
        connection.command(Data).await.map_err(of_this_mail)?;
        Ok(connection)
    }

    /// The mail as it travels. It is the same, byte by byte, whenever it is made again.
    fn message(&self, letter: &Letter, to: &Address) -> Result<Vec<u8>, lettre::error::Error> {
        let domain = self.from.email.domain();
        let id: String = letter.id.chars().take(32).collect();
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN);
        let html = SinglePart::builder().header(ContentType::TEXT_HTML);
        let parts = MultiPart::alternative()
            .boundary(format!("part-{id}"))
            .singlepart(text.body(letter.text()))
            .singlepart(html.body(letter.html()));
        let header = |name: &'static str, value: &str| {
            HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
        };
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(letter.name.clone()), to.clone()))
            .subject(letter.subject.clone())
            .date(sent_at(letter.at))
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .raw_header(header("List-Unsubscribe", &format!("<{}>", letter.off.1)))
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .multipart(parts)?;
        Ok(message.formatted())
    }
}

/// The same instant as the system counts it; nothing was written before 1970.
fn sent_at(at: Timestamp) -> SystemTime {
    let seconds = u64::try_from(at.as_second()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// What an error says, with what is behind it.
fn in_words(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_and_where() {
        let check = |text: &str, encrypted: bool, host: &str, port: u16, user: Option<&str>| {
            let expected = MailServer {
                is_encrypted_from_the_start: encrypted,
                host: host.to_owned(),
                port,
                user: user.map(str::to_owned),
            };
            assert_eq!(text.parse::<MailServer>().unwrap(), expected, "{text}");
        };
        check(
            "smtps://mail.example.org",
            true,
            "mail.example.org",
            465,
            None,
        );
        check(
            "smtps://ada@Mail.example.org:4465/",
            true,
            "mail.example.org",
            4465,
            Some("ada"),
        );
        check(
            "smtp://mail.example.org",
            false,
            "mail.example.org",
            587,
            None,
        );
        check("smtp://localhost", false, "localhost", 25, None);
        check(
            "smtps://ada@o.example@mail.o.example",
            true,
            "mail.o.example",
            465,
            Some("ada@o.example"),
        );
        check(
            "smtps://ada%40o.example@mail.o.example",
            true,
            "mail.o.example",
            465,
            Some("ada@o.example"),
        );
    }

    #[test]
    fn what_is_no_address_is_refused_and_no_password_is_repeated() {
        for text in [
            "",
            "mail.example.org",
            "https://mail.example.org",
            "smtps://",
            "smtps://ada@",
            "smtps://mail.example.org:port",
            "smtps://mail.example.org/in",
            "smtps://ada:secret@mail.example.org",
        ] {
            let refused = text.parse::<MailServer>().unwrap_err();
            assert!(!format!("{refused:?}").contains("secret"), "{text}");
        }
    }
}
