//! A mail server for tests, on this machine, with encryption and without: it keeps what it is given, and can be told to be
//! difficult.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::certificates::Certificate;

/// How it treats whoever brings a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// It takes the mail.
    #[default]
    Takes,
    /// It takes nobody's mail now.
    IsBusy,
    /// It knows nobody to whom a mail is.
    KnowsNobody,
    /// It takes the mail and hangs up without saying so.
    SaysNothing,
    /// It takes the mail and never answers.
    Waits,
}

/// How connections with it are encrypted.
#[derive(Debug, Clone, Default)]
pub enum Encryption {
    /// Not at all.
    #[default]
    Nothing,
    /// As soon as whoever brings a mail asks for it (`STARTTLS`).
    WhenAsked(Arc<ServerConfig>),
    /// From the first byte on (`smtps://`).
    FromTheStart(Arc<ServerConfig>),
}

impl Encryption {
    /// What a server with a certificate needs to know.
    ///
    /// # Panics
    /// If it is no certificate with its key.
    #[must_use]
    pub fn by(certificate: &Certificate) -> Arc<ServerConfig> {
        let chain = CertificateDer::pem_slice_iter(certificate.certificate.as_bytes());
        let chain = chain.collect::<Result<Vec<_>, _>>().expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(certificate.key.as_bytes()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS");
        let config = config.with_no_client_auth().with_single_cert(chain, key);
        Arc::new(config.expect("a certificate with its key"))
    }
}

/// A mail that was caught.
#[derive(Debug, Clone)]
pub struct Caught {
    /// Whether it came encrypted.
    pub is_encrypted: bool,
    /// To whom, as an address.
    pub to: String,
    /// All of it, as it came.
    pub raw: String,
}

impl Caught {
    /// All of it, with what was folded and written in codes as it was before.
    #[must_use]
    pub fn readable(&self) -> String {
        let joined = self.raw.replace("=\r\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let Some((first, after)) = rest.split_first() {
            let code = after
                .get(..2)
                .and_then(|code| std::str::from_utf8(code).ok());
            let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
            match (first, code) {
                (b'=', Some(byte)) => {
                    bytes.push(byte);
                    rest = after.get(2..).unwrap_or_default();
                }
                _ => {
                    bytes.push(*first);
                    rest = after;
                }
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A header, where it stands in one line.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let start = format!("{name}: ");
        let mut lines = self.raw.lines().take_while(|line| !line.is_empty());
        lines.find_map(|line| line.strip_prefix(&start))
    }

    /// What follows the first occurrence of some text, as far as it is letters and digits: the token of a link.
    #[must_use]
    pub fn token_after(&self, start: &str) -> Option<String> {
        let readable = self.readable();
        let (_, after) = readable.split_once(start)?;
        let token = after.chars().take_while(char::is_ascii_alphanumeric);
        Some(token.collect())
    }
}

#[derive(Debug, Default)]
struct Shared {
    caught: Mutex<Vec<Caught>>,
    manner: Mutex<Manner>,
    encryption: Encryption,
    is_over: AtomicBool,
}

/// The mail server.
#[derive(Debug)]
pub struct MailCatcher {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

impl MailCatcher {
    /// One on a free port.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn start() -> MailCatcher {
        MailCatcher::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }

    /// One on a free port of an address of this machine, with which connections are encrypted.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn start_encrypted(host: Ipv4Addr, encryption: Encryption) -> MailCatcher {
        MailCatcher::listen(SocketAddr::from((host, 0)), encryption)
    }

    /// One on an address, such as that of another that was stopped.
    ///
    /// # Panics
    /// If somebody else has it.
    #[must_use]
    pub fn start_at(address: SocketAddr) -> MailCatcher {
        MailCatcher::listen(address, Encryption::Nothing)
    }

    fn listen(address: SocketAddr, encryption: Encryption) -> MailCatcher {
        let listener = TcpListener::bind(address).expect("a port of this machine");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            encryption,
            ..Shared::default()
        });
        let of_thread = Arc::clone(&shared);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if of_thread.is_over.load(Ordering::Relaxed) {
                    return;
                }
                let of_connection = Arc::clone(&of_thread);
                std::thread::spawn(move || {
                    // Whoever hangs up in the middle is heard no longer.
                    drop(stream.and_then(|stream| serve(stream, &of_connection)));
                });
            }
        });
        MailCatcher {
            address,
            shared,
            accepting: Some(accepting),
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How mails are brought there.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = match self.shared.encryption {
            Encryption::FromTheStart(_) => "smtps",
            Encryption::Nothing | Encryption::WhenAsked(_) => "smtp",
        };
        format!("{scheme}://{}", self.address)
    }

    /// Treats those who come from now on in another manner.
    pub fn be(&self, manner: Manner) {
        *self
            .shared
            .manner
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = manner;
    }

    /// What was caught.
    #[must_use]
    pub fn caught(&self) -> Vec<Caught> {
        let caught = self.shared.caught.lock();
        caught.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for MailCatcher {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        // Wakes whoever accepts, who then sees that it is over.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            drop(accepting.join());
        }
    }
}

/// Talks with one that brings mails, encrypted as is agreed.
fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let manner = *shared.manner.lock().unwrap_or_else(PoisonError::into_inner);
    if manner == Manner::IsBusy {
        return stream.write_all(b"421 busy\r\n");
    }
    let talk = |is_encrypted| Talk {
        shared,
        manner,
        is_encrypted,
    };
    if let Encryption::FromTheStart(config) = &shared.encryption {
        let mut stream = encrypted(stream, config)?;
        stream.write_all(GREETING)?;
        return talk(true).go_on(&mut BufReader::new(stream)).map(drop);
    }
    stream.write_all(GREETING)?;
    let mut plain = BufReader::new(stream);
    let asks = talk(false).go_on(&mut plain)?;
    match &shared.encryption {
        Encryption::WhenAsked(config) if asks => {
            let stream = encrypted(plain.into_inner(), config)?;
            talk(true).go_on(&mut BufReader::new(stream)).map(drop)
        }
        _ => Ok(()),
    }
}

const GREETING: &[u8] = b"220 catcher\r\n";

type Encrypted = StreamOwned<ServerConnection, TcpStream>;

fn encrypted(stream: TcpStream, config: &Arc<ServerConfig>) -> std::io::Result<Encrypted> {
    let connection = ServerConnection::new(Arc::clone(config));
    let connection = connection.map_err(std::io::Error::other)?;
    Ok(StreamOwned::new(connection, stream))
}

/// One conversation.
struct Talk<'a> {
    shared: &'a Shared,
    manner: Manner,
    is_encrypted: bool,
}

impl Talk<'_> {
    /// Goes on until the other side hangs up, or asks for encryption: then it is true.
    fn go_on<S: Read + Write>(&self, stream: &mut BufReader<S>) -> std::io::Result<bool> {
        let offers =
            matches!(self.shared.encryption, Encryption::WhenAsked(_)) && !self.is_encrypted;
        let mut to = String::new();
        while let Some(line) = next_line(stream)? {
            let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" if offers => "250-catcher\r\n250-8BITMIME\r\n250 STARTTLS\r\n",
                "EHLO" => "250-catcher\r\n250 8BITMIME\r\n",
                "STARTTLS" if offers => {
                    stream.get_mut().write_all(b"220 go on\r\n")?;
                    return Ok(true);
                }
                "RCPT" if self.manner == Manner::KnowsNobody => "550 nobody of that name\r\n",
                "RCPT" => {
                    let (_, after) = line.split_once('<').unwrap_or_default();
                    after.trim_end_matches('>').clone_into(&mut to);
                    "250 yes\r\n"
                }
                "DATA" => {
                    stream.get_mut().write_all(b"354 go on\r\n")?;
                    self.catch(&to, stream)?;
                    match self.manner {
                        Manner::SaysNothing => return Ok(false),
                        Manner::Waits => {
                            // Until the other side hangs up.
                            next_line(stream)?;
                            return Ok(false);
                        }
                        _ => "250 taken\r\n",
                    }
                }
                "QUIT" => {
                    stream.get_mut().write_all(b"221 bye\r\n")?;
                    return Ok(false);
                }
                _ => "250 yes\r\n",
            };
            stream.get_mut().write_all(answer.as_bytes())?;
        }
        Ok(false)
    }

    /// Keeps the mail that comes now.
    fn catch(&self, to: &str, stream: &mut impl BufRead) -> std::io::Result<()> {
        let mut raw = String::new();
        while let Some(line) = next_line(stream)?.filter(|line| line != ".") {
            raw.push_str(line.strip_prefix('.').unwrap_or(&line));
            raw.push_str("\r\n");
        }
        let caught = Caught {
            is_encrypted: self.is_encrypted,
            to: to.to_owned(),
            raw,
        };
        let all = self.shared.caught.lock();
        all.unwrap_or_else(PoisonError::into_inner).push(caught);
        Ok(())
    }
}

/// A line without its end; none where the other side has hung up.
fn next_line(stream: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let length = stream.read_line(&mut line)?;
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok((length > 0).then_some(line))
}
