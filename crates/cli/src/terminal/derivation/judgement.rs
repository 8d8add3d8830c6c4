//! What a number was held against, and how that gave its status and score.

use super::Derivation;

impl Derivation<'_> {
    /// The target with its record, and the floor with its rule.
    pub(super) fn target(&mut self) {
        self.section("What it is held against");
        for line in self.in_words().target() {
            self.line(&line);
        }
    }

    /// How value, target and floor give status and score.
    pub(super) fn judgement(&mut self) {
        self.section("Status");
        for line in self.in_words().judgement() {
            self.line(&line);
        }
    }
}
