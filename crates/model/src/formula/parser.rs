//! Reads tokens into an expression, one function for each level of precedence.
//!
//! Written by hand: what matters here is what is said when a formula is wrong, and each of these messages needs
//! to know where in the grammar it stands. The recursion is bounded by [`DEPTH_MAX`], so that no text overflows the stack.

mod complaints;

use throughline_core::{MeasureId, UnitId};
use uuid::Uuid;

use super::expression::{Expression, MeasureReference, Operator};
use super::function::{Function, MISSING, is_reserved};
use super::token::{Token, TokenKind, tokens};
use super::{DEPTH_MAX, ERRORS_MAX, FormulaError, NODES_MAX, NameKind, PERIODS_MAX, Resolve};

/// A name that the text mentions, and where.
pub(super) struct Mention {
    pub start: usize,
    pub end: usize,
    pub kind: NameKind,
    pub id: Uuid,
}

/// Parses a text; without errors the mentions are complete and in order.
pub(super) fn parse(
    text: &str,
    resolve: &mut Resolve<'_>,
) -> Result<(Expression, Vec<Mention>), Vec<FormulaError>> {
    let mut parser = Parser {
        text,
        tokens: tokens(text),
        position: 0,
        depth: 0,
        nodes: 0,
        resolve,
        mentions: Vec::new(),
        unknown: Vec::new(),
    };
    let expression = parser.formula();
    let mut errors = parser.unknown;
    match expression {
        Ok(expression) if errors.is_empty() => return Ok((expression, parser.mentions)),
        Ok(_) => {}
        // A key that lacks its backticks may already have been named by the part of it that came first.
        Err(error) if errors.last().is_some_and(|last| last.end > error.start) => {}
        Err(error) => errors.push(error),
    }
    Err(errors)
}

type Parsed<T> = Result<T, FormulaError>;

struct Parser<'text, 'resolve, 'names> {
    text: &'text str,
    tokens: Vec<Token<'text>>,
    position: usize,
    depth: usize,
    nodes: usize,
    resolve: &'resolve mut Resolve<'names>,
    mentions: Vec<Mention>,
    /// Names that nothing answers to: the parser goes on after these, to report all of them.
    unknown: Vec<FormulaError>,
}

const OPERAND: &str = "a number, a measure or a function";

/// The grammar.
impl<'text> Parser<'text, '_, '_> {
    fn formula(&mut self) -> Parsed<Expression> {
        if self.tokens.len() == 1 && self.kind() == TokenKind::End {
            return Err(self.advise("the formula is empty", "for instance `profit / revenue`"));
        }
        if self.kind() == TokenKind::Operator(Operator::Equal) {
            return Err(self.advise("a formula begins without `=`", "leave out the `=`"));
        }
        let expression = self.comparison()?;
        match self.kind() {
            TokenKind::End => Ok(expression),
            _ => Err(self.unexpected("an operator or the end of the formula")),
        }
    }

    fn comparison(&mut self) -> Parsed<Expression> {
        let left = self.sum()?;
        let Some(operator) = self.take_operator(&Operator::is_comparison) else {
            return Ok(left);
        };
        let right = self.sum()?;
        if matches!(self.kind(), TokenKind::Operator(operator) if operator.is_comparison()) {
            let help = "where both must hold, multiply: `(a < b) * (b < c)`";
            return Err(self.advise("comparisons cannot be chained", help));
        }
        self.binary(operator, left, right)
    }

    fn sum(&mut self) -> Parsed<Expression> {
        self.chain(Self::product, &|operator| {
            matches!(operator, Operator::Add | Operator::Subtract)
        })
    }

    fn product(&mut self) -> Parsed<Expression> {
        self.chain(Self::signed, &|operator| {
            matches!(operator, Operator::Multiply | Operator::Divide)
        })
    }

    fn chain(
        &mut self,
        part: impl Fn(&mut Self) -> Parsed<Expression>,
        belongs: &dyn Fn(Operator) -> bool,
    ) -> Parsed<Expression> {
        let mut left = part(self)?;
        while let Some(operator) = self.take_operator(belongs) {
            let right = part(self)?;
            left = self.binary(operator, left, right)?;
        }
        Ok(left)
    }

    fn signed(&mut self) -> Parsed<Expression> {
        if !self.take(&TokenKind::Operator(Operator::Subtract)) {
            return self.operand();
        }
        let operand = self.nested(Self::signed)?;
        self.node(Expression::Negate(Box::new(operand)))
    }

    fn operand(&mut self) -> Parsed<Expression> {
        match self.kind() {
            TokenKind::Number(number) => {
                self.advance();
                self.node(Expression::Number(number))
            }
            TokenKind::Open => {
                let open = self.advance();
                let inner = self.nested(Self::comparison)?;
                self.close(&open)?;
                Ok(inner)
            }
            TokenKind::Word(MISSING) => {
                self.advance();
                self.node(Expression::Missing)
            }
            TokenKind::Word(word) if self.opens_call() => self.call(word),
            TokenKind::Word(_) | TokenKind::Quoted(_) => {
                let reference = self.reference(OPERAND)?;
                self.node(Expression::Measure(reference))
            }
            _ => Err(self.unexpected(OPERAND)),
        }
    }

    /// A measure, perhaps with `@` and a unit.
    fn reference(&mut self, expected: &str) -> Parsed<MeasureReference> {
        let measure = MeasureId::from_uuid(self.name(NameKind::Measure, expected)?);
        if !self.take(&TokenKind::At) {
            return Ok(MeasureReference {
                measure,
                unit: None,
            });
        }
        let unit = UnitId::from_uuid(self.name(NameKind::Unit, "the key of a unit")?);
        Ok(MeasureReference {
            measure,
            unit: Some(unit),
        })
    }

    fn call(&mut self, word: &str) -> Parsed<Expression> {
        let Some(function) = Function::named(word) else {
            return Err(self.unknown_function(word));
        };
        self.advance();
        let open = self.advance();
        let expression = self.nested(|parser| parser.arguments(function))?;
        if self.kind() == TokenKind::Comma {
            return Err(self.wrong_arguments(function));
        }
        self.close(&open)?;
        self.node(expression)
    }

    fn arguments(&mut self, function: Function) -> Parsed<Expression> {
        Ok(match function {
            Function::If => Expression::If {
                condition: Box::new(self.comparison()?),
                then: Box::new(self.next_argument(function)?),
                otherwise: Box::new(self.next_argument(function)?),
            },
            Function::Coalesce => {
                let mut values = vec![self.comparison()?];
                while values.len() < 2 || self.kind() == TokenKind::Comma {
                    self.decimal_comma(values.last())?;
                    values.push(self.next_argument(function)?);
                }
                Expression::Coalesce(values)
            }
            Function::Prev => Expression::Prev {
                of: self.measure_argument(function)?,
                periods: self.periods(function)?,
            },
            Function::Rolling => Expression::Rolling {
                of: self.measure_argument(function)?,
                periods: self.periods(function)?,
            },
            Function::YearToDate => Expression::YearToDate(self.measure_argument(function)?),
            Function::YearOnYear => Expression::YearOnYear(self.measure_argument(function)?),
            Function::ChildrenSum => Expression::ChildrenSum(self.measure_argument(function)?),
            Function::Target => Expression::Target(self.measure_argument(function)?),
            Function::Score => Expression::Score(self.measure_argument(function)?),
        })
    }

    fn next_argument(&mut self, function: Function) -> Parsed<Expression> {
        self.comma(function)?;
        self.comparison()
    }

    fn measure_argument(&mut self, function: Function) -> Parsed<MeasureReference> {
        let names_a_measure = match self.kind() {
            TokenKind::Quoted(_) => true,
            TokenKind::Word(word) => word != MISSING && !self.opens_call(),
            _ => false,
        };
        if names_a_measure {
            let reference = self.reference("a measure")?;
            if !matches!(self.kind(), TokenKind::Operator(_)) {
                return Ok(reference);
            }
        }
        Err(match self.kind() {
            TokenKind::Close => self.wrong_arguments(function),
            TokenKind::End | TokenKind::Wrong { .. } => self.unexpected("a measure"),
            _ => {
                let help = format!(
                    "give the calculation a measure of its own, then write `{}`",
                    function.usage()
                );
                self.advise(
                    format!("`{}` takes a measure, not a calculation", function.name()),
                    help,
                )
            }
        })
    }

    fn periods(&mut self, function: Function) -> Parsed<u16> {
        self.comma(function)?;
        let TokenKind::Number(number) = self.kind() else {
            return Err(self.unexpected(&format!("a whole number from 1 to {PERIODS_MAX}")));
        };
        if number.fract() != 0.0 || !(1.0..=f64::from(PERIODS_MAX)).contains(&number) {
            let message =
                format!("the number of periods is a whole number from 1 to {PERIODS_MAX}");
            return Err(self.advise(message, format!("for instance `{}`", function.usage())));
        }
        self.advance();
        Ok(number as u16)
    }

    fn comma(&mut self, function: Function) -> Parsed<()> {
        match self.kind() {
            TokenKind::Comma => {
                self.advance();
                Ok(())
            }
            TokenKind::Close => Err(self.wrong_arguments(function)),
            _ => Err(self.unexpected("`,`")),
        }
    }

    fn close(&mut self, open: &Token<'text>) -> Parsed<()> {
        if self.take(&TokenKind::Close) {
            return Ok(());
        }
        let column = self.slice(0, open.start).chars().count() + 1;
        let error = self.unexpected("an operator or `)`");
        Err(match error.help {
            None => error.with_help(format!("the `(` at character {column} is still open")),
            Some(_) => error,
        })
    }
}

/// Tokens, limits and names.
impl<'text> Parser<'text, '_, '_> {
    fn kind(&self) -> TokenKind<'text> {
        self.tokens[self.position].kind.clone()
    }

    /// The token, which is then passed, unless it is the last.
    fn advance(&mut self) -> Token<'text> {
        let token = self.tokens[self.position].clone();
        self.position = (self.position + 1).min(self.tokens.len() - 1);
        token
    }

    fn take(&mut self, kind: &TokenKind<'text>) -> bool {
        let is_next = self.tokens[self.position].kind == *kind;
        if is_next {
            self.advance();
        }
        is_next
    }

    fn take_operator(&mut self, belongs: &dyn Fn(Operator) -> bool) -> Option<Operator> {
        match self.kind() {
            TokenKind::Operator(operator) if belongs(operator) => {
                self.advance();
                Some(operator)
            }
            _ => None,
        }
    }

    /// Whether the word that is next is followed by a parenthesis.
    fn opens_call(&self) -> bool {
        self.tokens
            .get(self.position + 1)
            .is_some_and(|token| token.kind == TokenKind::Open)
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEPTH_MAX {
            let message = format!("the formula is nested more than {DEPTH_MAX} deep");
            return Err(self.advise(message, "give a part of it a measure of its own"));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: Expression,
        right: Expression,
    ) -> Parsed<Expression> {
        self.node(Expression::Binary {
            operator,
            left: Box::new(left),
            right: Box::new(right),
        })
    }

    fn node(&mut self, expression: Expression) -> Parsed<Expression> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            let message = format!("the formula has more than {NODES_MAX} parts");
            return Err(self.advise(message, "give a part of it a measure of its own"));
        }
        Ok(expression)
    }

    /// The id that the next name stands for; the nil id for an unknown one, which is reported at the end.
    fn name(&mut self, kind: NameKind, expected: &str) -> Parsed<Uuid> {
        let (name, is_word) = match self.kind() {
            TokenKind::Word(word) if is_reserved(word) => return Err(self.reserved(kind, word)),
            TokenKind::Word(word) => (word, true),
            TokenKind::Quoted(name) => (name, false),
            _ => return Err(self.unexpected(expected)),
        };
        let Token { start, end, .. } = self.advance();
        match (self.resolve)(kind, name) {
            Ok(id) => {
                self.mentions.push(Mention {
                    start,
                    end,
                    kind,
                    id,
                });
                Ok(id)
            }
            Err(nearest) => {
                // The words of one key that lacks its backticks are one error.
                if self.unknown.last().is_some_and(|last| last.end >= end) {
                    return Ok(Uuid::nil());
                }
                let unquoted = if is_word {
                    self.key_without_backticks(start, end)
                } else {
                    None
                };
                let error = unquoted.unwrap_or_else(|| {
                    complaints::unknown_name(kind, name, nearest, is_word).at(start, end)
                });
                if self.unknown.len() + 1 >= ERRORS_MAX {
                    return Err(error);
                }
                self.unknown.push(error);
                Ok(Uuid::nil())
            }
        }
    }
}
