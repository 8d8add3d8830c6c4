//! A mail server for tests, on this machine and without encryption: it keeps what it is given, and can be told to be difficult.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

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

/// A mail that was caught.
#[derive(Debug, Clone)]
pub struct Caught {
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

    /// One on an address, such as that of another that was stopped.
    ///
    /// # Panics
    /// If somebody else has it.
    #[must_use]
    pub fn start_at(address: SocketAddr) -> MailCatcher {
        let listener = TcpListener::bind(address).expect("a port of this machine");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
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
        format!("smtp://{}", self.address)
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

/// Talks with one that brings mails.
fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let manner = *shared.manner.lock().unwrap_or_else(PoisonError::into_inner);
    if manner == Manner::IsBusy {
        return stream.write_all(b"421 busy\r\n");
    }
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 catcher\r\n")?;
    let mut to = String::new();
    while let Some(line) = lines.next() {
        let line = line?;
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-catcher\r\n250 8BITMIME\r\n",
            "RCPT" if manner == Manner::KnowsNobody => "550 nobody of that name\r\n",
            "RCPT" => {
                let (_, after) = line.split_once('<').unwrap_or_default();
                after.trim_end_matches('>').clone_into(&mut to);
                "250 yes\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let mut raw = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push_str("\r\n");
                }
                let caught = Caught {
                    to: to.clone(),
                    raw,
                };
                let mut all = shared.caught.lock().unwrap_or_else(PoisonError::into_inner);
                all.push(caught);
                drop(all);
                match manner {
                    Manner::SaysNothing => return Ok(()),
                    Manner::Waits => {
                        // Until the other side hangs up.
                        drop(lines.next());
                        return Ok(());
                    }
                    _ => "250 taken\r\n",
                }
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 yes\r\n",
        };
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}
