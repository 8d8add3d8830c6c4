//! The slope of an outcome on a driver in a panel, both freed of unit and period effects and the driver also of controls
//! (Frisch and Waugh 1933), and how uncertain it is.

use super::NoEvidence;
use super::panel::{Column, Rows};
use crate::clusters::{ClusterError, Clustered, NoClusterError, bias_reduced};
use crate::linear::{dot, least_squares};

/// A slope and what its errors are made of.
#[derive(Clone, Debug)]
pub(crate) struct Slope {
    pub(crate) rows: Rows,
    /// The slope, in units of the outcome for one unit of the driver.
    pub(crate) slope: f64,
    /// The driver freed of everything else, one a row.
    pub(crate) driver: Vec<f64>,
    /// What is left of the outcome, one a row.
    pub(crate) residuals: Vec<f64>,
    /// The standard deviations of driver and outcome within units and periods.
    pub(crate) driver_sd: f64,
    pub(crate) outcome_sd: f64,
    /// The columns of the controls, freed of unit and period effects.
    controls: Vec<Vec<f64>>,
}

impl Slope {
    /// The slope of the first column on the second, given the others.
    pub(crate) fn of(
        columns: &[Column<'_>],
        leave_out: Option<usize>,
    ) -> Result<Slope, NoEvidence> {
        let mut rows = Rows::of(columns, leave_out);
        let mut columns = std::mem::take(&mut rows.columns);
        let varies: Vec<bool> = columns
            .iter_mut()
            .map(|column| rows.demean(column))
            .collect();
        let spread = |column: &[f64]| (dot(column, column) / rows.len().max(1) as f64).sqrt();
        let (outcome, driver) = match &columns[..] {
            [outcome, driver, ..] if varies[0] && varies[1] => (outcome, driver),
            _ => return Err(NoEvidence::NoVariation),
        };
        let (outcome_sd, driver_sd) = (spread(outcome), spread(driver));
        // A control that does not vary within units and periods is taken off with them already.
        let mut place = 0;
        let controls: Vec<Vec<f64>> = columns
            .split_off(2)
            .into_iter()
            .filter(|_| {
                place += 1;
                varies[place + 1]
            })
            .collect();
        let driver = columns.pop().unwrap_or_default();
        let outcome = columns.pop().unwrap_or_default();
        let (driver, outcome) = if controls.is_empty() {
            (driver, outcome)
        } else {
            let free = |column: &[f64]| least_squares(&controls, column).map(|fit| fit.residuals);
            let pair = free(&driver).zip(free(&outcome));
            pair.ok_or(NoEvidence::NoVariation)?
        };
        let squares = dot(&driver, &driver);
        // What controls leave of the driver must be more than rounding.
        if squares.sqrt() <= 1e-9 * driver_sd * (rows.len() as f64).sqrt() {
            return Err(NoEvidence::NoVariation);
        }
        let slope = dot(&driver, &outcome) / squares;
        let mut residuals = outcome;
        for (residual, cell) in residuals.iter_mut().zip(&driver) {
            *residual -= slope * cell;
        }
        Ok(Slope {
            rows,
            slope,
            driver,
            residuals,
            driver_sd,
            outcome_sd,
            controls,
        })
    }

    /// The sum of squares of the freed driver.
    pub(crate) fn squares(&self) -> f64 {
        dot(&self.driver, &self.driver)
    }

    fn scores(&self) -> Vec<f64> {
        let pairs = self.driver.iter().zip(&self.residuals);
        pairs.map(|(driver, residual)| driver * residual).collect()
    }

    /// Squared sums of scores over each unit: what Arellano (1987) makes of units that carry over.
    fn by_unit(&self) -> f64 {
        let sums = self.rows.sum_by_unit(&self.scores());
        dot(&sums, &sums)
    }

    /// Squared sums of scores over each period and the `lags` after it, with the weights of Bartlett: what Driscoll and
    /// Kraay (1998) make of shocks that all units share.
    fn by_period(&self, lags: usize) -> f64 {
        let sums = self.rows.sum_by_period(&self.scores());
        let later = (1..=lags).map(|lag| {
            let weight = 1.0 - lag as f64 / (lags + 1) as f64;
            2.0 * weight * dot(&sums[lag.min(sums.len())..], &sums)
        });
        dot(&sums, &sums) + later.sum::<f64>()
    }

    /// The standard error that allows for carry-over in units alone, without correction for few of them.
    pub(crate) fn error_by_unit(&self) -> f64 {
        self.by_unit().sqrt() / self.squares()
    }

    /// The standard error that allows for shared shocks alone, without correction for few periods, as references have it.
    #[cfg(test)]
    pub(crate) fn error_by_period(&self, lags: usize) -> f64 {
        self.by_period(lags).sqrt() / self.squares()
    }

    /// The standard error that allows for both: the sum of the two variances, each corrected for few units or periods. Either
    /// alone rejects true nulls too often, Driscoll-Kraay 9 to 15 % of the time and units up to 45 % under shared shocks;
    /// the sum 1 to 7 % (simulated, `golden/insight`).
    pub(crate) fn error(&self) -> Result<f64, NoEvidence> {
        self.error_with(bandwidth(self.rows.periods))
    }

    /// The same with shocks that last for `lags` periods.
    pub(crate) fn error_with(&self, lags: usize) -> Result<f64, NoEvidence> {
        let (units, periods) = (self.rows.units as f64, self.rows.periods as f64);
        let rows = self.rows.len() as f64;
        let left = rows - units - periods - self.controls.len() as f64;
        if units < 2.0 || periods < 2.0 || left < 1.0 {
            return Err(NoEvidence::TooFewRows {
                have: self.rows.len(),
            });
        }
        let by_unit = units / (units - 1.0) * self.by_unit();
        let by_period = periods / (periods - 1.0) * self.by_period(lags);
        let error = ((by_unit + by_period) * (rows - 1.0) / left).sqrt() / self.squares();
        if error > 0.0 {
            Ok(error)
        } else {
            Err(NoEvidence::Exact)
        }
    }

    /// The error that allows for carry-over in units alone, for few of them (CR2).
    pub(crate) fn bias_reduced(&self) -> Result<ClusterError, NoClusterError> {
        bias_reduced(&Clustered {
            cluster: &self.rows.unit,
            regressor: &self.driver,
            residuals: &self.residuals,
            leave: &|column| {
                self.rows.demean(column);
                self.residuals_of(column);
            },
        })
    }

    /// t of the slope with the error and the degrees of freedom of independent rows: by these the part of the outcome that
    /// the driver explains is measured, and not how sure that is.
    pub(crate) fn plain_t(&self) -> (f64, f64) {
        let used = self.rows.units + self.rows.periods + self.controls.len();
        let freedom = (self.rows.len() as f64 - used as f64).max(1.0);
        let error = (dot(&self.residuals, &self.residuals) / freedom / self.squares()).sqrt();
        (self.slope / error, freedom)
    }

    /// The degrees of freedom of the slope over this error.
    pub(crate) fn freedom(&self) -> f64 {
        (self.rows.units.min(self.rows.periods) - 1) as f64
    }

    /// What is left of a column that is free of unit and period effects after controls and the driver.
    pub(crate) fn residuals_of(&self, column: &mut [f64]) {
        let mut freed = match least_squares(&self.controls, column) {
            Some(fit) if !self.controls.is_empty() => fit.residuals,
            _ => column.to_vec(),
        };
        let slope = dot(&self.driver, &freed) / self.squares();
        for ((cell, free), driver) in column.iter_mut().zip(&mut freed).zip(&self.driver) {
            *cell = *free - slope * driver;
        }
    }
}

/// Newey and West's (1994) rule of thumb for how many periods shocks last.
fn bandwidth(periods: usize) -> usize {
    (4.0 * (periods as f64 / 100.0).powf(2.0 / 9.0)).floor() as usize
}
