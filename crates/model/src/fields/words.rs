//! Enumerations whose values are written as fixed words.

use crate::value::Reader;

/// Declares an enumeration whose values are written as fixed words.
macro_rules! words {
    ($(#[$about:meta])* $name:ident $(default $default:ident)? { $($(#[$doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant),*
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word that is written.
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word),*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }

        impl $crate::value::Value for $name {
            fn shape() -> $crate::value::Shape {
                $crate::value::Shape::Word(Self::WORDS)
            }

            fn read(tree: &$crate::tree::Tree, reader: &mut $crate::value::Reader<'_>) -> Option<Self> {
                let text = reader.scalar(tree, "a word")?;
                if let Some(value) = Self::ALL.iter().find(|value| value.word() == text) {
                    return Some(*value);
                }
                $crate::fields::unknown_word(text, Self::WORDS, reader)
            }

            fn write(&self, _: &dyn $crate::value::Names) -> $crate::tree::Tree {
                $crate::tree::Tree::text(self.word())
            }

            $(fn absent() -> Option<Self> {
                Some($name::$default)
            })?
        }

        impl $crate::fields::Element for $name {}
    };
}
pub(crate) use words;

/// The error for a word that is not one of those that can stand there.
pub(crate) fn unknown_word<T>(
    text: &str,
    words: &[&'static str],
    reader: &mut Reader<'_>,
) -> Option<T> {
    let help = match throughline_core::finding::nearest(text, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of: {}", words.join(", ")),
    };
    reader.error(
        "unknown-word",
        format!("`{text}` is not one of the words that can stand here"),
        Some(help),
    )
}
