//! Rust text taken apart into code and string literals, as far as the rules of the house need it.
//!
//! This is a scanner, not a parser: it knows comments, strings, characters and braces. That is enough to tell a call
//! from a mention of it, and costs no dependency.

/// One Rust file, taken apart.
pub struct Source {
    /// The text with comments and the content of strings blanked; lines stay where they are.
    pub code: String,
    /// `code` with the items behind `#[cfg(test)]` blanked too.
    pub code_without_tests: String,
    /// All string literals, in order.
    pub literals: Vec<Literal>,
}

/// A string literal.
pub struct Literal {
    /// Line on which it begins, from 1.
    pub line: usize,
    /// What stands between the quotes, escapes as written.
    pub text: String,
}

impl Source {
    /// Takes `text` apart. Text that is no Rust gives some answer, never a panic.
    pub fn read(text: &str) -> Self {
        let mut scanner = Scanner {
            rest: text,
            line: 1,
            code: String::new(),
            literals: Vec::new(),
        };
        while scanner.step() {}
        let code_without_tests = blank_tests(&scanner.code);
        Self {
            code: scanner.code,
            code_without_tests,
            literals: scanner.literals,
        }
    }
}

/// The lines of `code` that contain `needle` as a word of its own to the left, numbered from 1.
pub fn lines_with<'a>(code: &'a str, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.lines().enumerate().filter_map(move |(index, line)| {
        let begins_a_word = |(at, _): (usize, &str)| {
            !line
                .get(..at)
                .is_some_and(|before| before.ends_with(is_of_word))
        };
        line.match_indices(needle)
            .any(begins_a_word)
            .then_some(index + 1)
    })
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Scanner<'_> {
    /// Takes the next token; false at the end.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        if self.rest.starts_with("//") {
            self.blank(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.blank(block_comment_length(self.rest));
        } else if let Some(hashes) = raw_string_hashes(self.rest)
            && !self.code.ends_with(is_of_word)
        {
            self.raw_string(hashes);
        } else if first == '"' {
            self.string();
        } else if let Some(length) = character_length(self.rest) {
            self.blank(length);
        } else {
            self.keep(first.len_utf8());
        }
        true
    }

    fn string(&mut self) {
        self.keep(1);
        let mut escaped = false;
        let end = self.rest.find(|character| {
            let ends = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            ends
        });
        self.literal(end.unwrap_or(self.rest.len()));
        self.keep(1);
    }

    fn raw_string(&mut self, hashes: usize) {
        let opening = self.rest.find('"').map_or(0, |quote| quote + 1);
        self.keep(opening);
        let closing = format!("\"{}", "#".repeat(hashes));
        self.literal(self.rest.find(&closing).unwrap_or(self.rest.len()));
        self.keep(closing.len());
    }

    fn literal(&mut self, length: usize) {
        let text = self.rest.get(..length).unwrap_or_default().to_string();
        self.literals.push(Literal {
            line: self.line,
            text,
        });
        self.blank(length);
    }

    fn keep(&mut self, length: usize) {
        self.take(length, |character| character);
    }

    fn blank(&mut self, length: usize) {
        self.take(
            length,
            |character| if character == '\n' { '\n' } else { ' ' },
        );
    }

    fn take(&mut self, length: usize, put: fn(char) -> char) {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.line += taken.matches('\n').count();
        self.code.extend(taken.chars().map(put));
        self.rest = rest;
    }
}

/// Length of the block comment at the start of `text`; block comments nest.
fn block_comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut previous = ' ';
    for (at, character) in text.char_indices() {
        match (previous, character) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                previous = character;
                continue;
            }
        }
        if depth == 0 {
            return at + 1;
        }
        // `/*/` opens once: a character counts for one pair only.
        previous = ' ';
    }
    text.len()
}

/// The number of hashes if `text` starts with a raw string (`r"`, `br#"`, `cr##"`, ...).
fn raw_string_hashes(text: &str) -> Option<usize> {
    let text = text
        .strip_prefix(['b', 'c'])
        .unwrap_or(text)
        .strip_prefix('r')?;
    let after = text.trim_start_matches('#');
    after.starts_with('"').then(|| text.len() - after.len())
}

/// The length of the character literal at the start of `text`; none for a lifetime.
fn character_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    if first == '\\' {
        // The character after the backslash may itself be a quote.
        return inside.get(2..)?.find('\'').map(|end| end + 4);
    }
    inside
        .get(first.len_utf8()..)?
        .starts_with('\'')
        .then(|| first.len_utf8() + 2)
}

/// Blanks each item behind `#[cfg(test)]`.
fn blank_tests(code: &str) -> String {
    let mut result = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = ["#[cfg(test)]", "#[cfg(all(test"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
    {
        let (before, item) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let (item, after) = item
            .split_at_checked(item_length(item))
            .unwrap_or((item, ""));
        result.push_str(before);
        result.extend(
            item.chars()
                .map(|character| if character == '\n' { '\n' } else { ' ' }),
        );
        rest = after;
    }
    result.push_str(rest);
    result
}

/// Length of the item at the start of `code`: to its `;`, or to the brace that closes its first one.
fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in code.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::{Source, lines_with};

    #[test]
    fn comments_strings_and_characters_are_blanked() {
        let check = |text: &str, code: &str, literals: &[&str]| {
            let source = Source::read(text);
            assert_eq!(source.code, code, "{text}");
            let found: Vec<&str> = source
                .literals
                .iter()
                .map(|literal| literal.text.as_str())
                .collect();
            assert_eq!(found, literals, "{text}");
        };
        check("a // b\nc", "a     \nc", &[]);
        check("a /* b /* c */ d */ e", "a                   e", &[]);
        check("a /*/ b */ c", "a          c", &[]);
        check(r#"f("x\"y") + 1"#, r#"f("    ") + 1"#, &[r#"x\"y"#]);
        check(
            r##"f(r#"x"y"#, b"z")"##,
            r##"f(r#"   "#, b" ")"##,
            &[r#"x"y"#, "z"],
        );
        check(r#"let r#fn = "a";"#, r#"let r#fn = " ";"#, &["a"]);
        check(r#"let c = '"'; "a""#, r#"let c =    ; " ""#, &["a"]);
        check(r#"let c = '\''; "a""#, r#"let c =     ; " ""#, &["a"]);
        check("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}", &[]);
        check("\"open", "\"    ", &["open"]);
        check("'", "'", &[]);
        check("r#\"", "r#\"", &[""]);
        check("\"ä\"", "\" \"", &["ä"]);
    }

    #[test]
    fn literals_know_their_line() {
        let source = Source::read("a\n\"b\nc\"\n\"d\"");
        let lines: Vec<usize> = source.literals.iter().map(|literal| literal.line).collect();
        assert_eq!(lines, [2, 4]);
    }

    #[test]
    fn items_of_tests_are_blanked() {
        let check = |text: &str, expected: &str| {
            let code = Source::read(text).code_without_tests;
            let words: Vec<&str> = code.split_whitespace().collect();
            assert_eq!(words.join(" "), expected, "{text}");
            assert_eq!(code.lines().count(), text.lines().count(), "{text}");
        };
        check("a\n#[cfg(test)]\nmod tests {\n fn f() { b }\n}\nc", "a c");
        check("a\n#[cfg(test)]\nmod tests;\nc", "a c");
        check("#[cfg(all(test, unix))] fn f() {} a", "a");
        check("a #[cfg(test)] mod tests {", "a");
        check(
            "#[cfg(feature = \"x\")] fn f() {}",
            "#[cfg(feature = \" \")] fn f() {}",
        );
    }

    #[test]
    fn a_needle_begins_a_word() {
        let check = |code: &str, expected: &[usize]| {
            assert_eq!(
                lines_with(code, "Instant::now").collect::<Vec<_>>(),
                expected,
                "{code}"
            );
        };
        check("let a = Instant::now();", &[1]);
        check("\nstd::time::Instant::now()", &[2]);
        check("MyInstant::now()", &[]);
    }
}
