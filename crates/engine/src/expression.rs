//! Evaluating the expression of a formula (SEMANTICS 3): missing in, missing out; division by zero is a finding.

use throughline_model::formula::{Expression, Operator};

use crate::compare::{below, same};
use crate::reading::ReadingFinding;

/// What a formula is evaluated with: the value of each of its references, found when it is asked for.
pub(crate) trait Operands {
    fn value_of(&mut self, reference: &Expression) -> Option<f64>;
    fn finding(&mut self, finding: ReadingFinding);
}

/// Evaluates an expression. Missing in, missing out, unless `coalesce` or `if` says otherwise.
pub(crate) fn evaluate(expression: &Expression, operands: &mut dyn Operands) -> Option<f64> {
    let value = match expression {
        Expression::Number(number) => Some(*number),
        Expression::Missing => None,
        Expression::Negate(part) => evaluate(part, operands).map(|value| -value),
        Expression::Binary {
            operator,
            left,
            right,
        } => {
            let (left, right) = (evaluate(left, operands), evaluate(right, operands));
            return operate(*operator, left?, right?, operands);
        }
        Expression::If {
            condition,
            then,
            otherwise,
        } => {
            let holds = evaluate(condition, operands)? != 0.0;
            return evaluate(if holds { then } else { otherwise }, operands);
        }
        Expression::Coalesce(parts) => {
            return parts.iter().find_map(|part| evaluate(part, operands));
        }
        reference => operands.value_of(reference),
    };
    value.filter(|value| value.is_finite())
}

fn operate(operator: Operator, left: f64, right: f64, operands: &mut dyn Operands) -> Option<f64> {
    let truth = |holds: bool| if holds { 1.0 } else { 0.0 };
    let value = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide if right == 0.0 => {
            operands.finding(ReadingFinding::DivisionByZero);
            return None;
        }
        Operator::Divide => left / right,
        Operator::Less => truth(below(left, right)),
        Operator::LessOrEqual => truth(!below(right, left)),
        Operator::Greater => truth(below(right, left)),
        Operator::GreaterOrEqual => truth(!below(left, right)),
        Operator::Equal => truth(same(left, right)),
        Operator::NotEqual => truth(!same(left, right)),
    };
    value.is_finite().then_some(value)
}
