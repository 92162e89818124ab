//! Figures, what they are to be at most, and how they are shown.

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    part: &'static str,
    name: String,
    figure: f64,
    unit: &'static str,
    /// The most that it is to be, and what that is made of.
    limit: Option<(f64, String)>,
}

impl Report {
    /// A figure to know the others by.
    pub(crate) fn note(&mut self, part: &'static str, name: &str, figure: f64, unit: &'static str) {
        self.rows.push(Row { part, name: name.to_owned(), figure, unit, limit: None });
    }

    /// A figure that is to be `limit` at most; `why` says what the limit is made of.
    pub(crate) fn bound(
        &mut self,
        part: &'static str,
        name: &str,
        (figure, unit): (f64, &'static str),
        (limit, why): (f64, &str),
    ) {
        let limit = Some((limit, why.to_owned()));
        self.rows.push(Row { part, name: name.to_owned(), figure, unit, limit });
    }

    pub(crate) fn print_table(&self) {
        for Row { part, name, figure, unit, limit } in &self.rows {
            print!("{part:<11}{name:<58}{figure:>10.3} {unit:<6}");
            if let Some((limit, why)) = limit {
                print!("at most {limit:.3} ({why}): {}", verdict(*figure, *limit));
            }
            println!();
        }
    }

    pub(crate) fn print_json(&self) {
        let rows = self.rows.iter().map(|Row { part, name, figure, unit, limit }| {
            let mut row = serde_json::json!({
                "part": part, "name": name, "figure": figure, "unit": unit,
            });
            if let Some((limit, why)) = limit {
                row["limit"] = (*limit).into();
                row["limitIs"] = why.as_str().into();
                row["met"] = (figure <= limit).into();
            }
            row
        });
        println!("{:#}", serde_json::Value::from_iter(rows));
    }
}

fn verdict(figure: f64, limit: f64) -> &'static str {
    if figure <= limit { "met" } else { "MISSED" }
}

/// The value below which the share `part` of `values` lies.
pub(crate) fn quantile(values: &mut [f64], part: f64) -> f64 {
    assert!(!values.is_empty(), "nothing was measured");
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place among the values"
    )]
    let place = (values.len() as f64 * part) as usize;
    values[place.min(values.len() - 1)]
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    quantile(&mut values, 0.5)
}
