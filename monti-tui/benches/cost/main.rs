//! What the wallboard costs, beside others: htop and btop in terminals of the same size, at the
//! same time. What a frame costs is the other benchmark's, `frame`.
//!
//! `cargo bench -p monti-tui` prints a table and takes two minutes; `-- --json` prints the same as
//! one JSON object. It needs htop and btop (`apt-get install htop btop`) and script, of util-linux.
//!
//! Agents change every minute on average, 400 of them 8 in a second and 10,000 168; what changes has
//! to be read, whatever a wallboard makes of it, so 10,000 of which 8 change are measured as well. Costs
//! are medians over rounds in which all programs run side by side, so what else the machine does
//! hits all of them.

mod beside;
mod feed;
mod floor;
mod latency;
mod screen;

use std::env;

use serde_json::{Map, Value, json};

fn main() {
    let arguments: Vec<_> = env::args().collect();
    // Cargo's test runner asks for a list and expects none to be fine.
    if arguments.iter().any(|argument| argument == "--list" || argument == "--test") {
        return;
    }
    let rows = [beside::measure(), latency::measure()].concat();
    if arguments.iter().any(|argument| argument == "--json") {
        let rows: Map<_, _> = rows.iter().map(|row| (row.name.to_owned(), row.json())).collect();
        println!("{}", Value::Object(rows));
        return;
    }
    for row in &rows {
        println!("{row}");
    }
}

/// A figure, and what it should be at most.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// Nothing is asked of it without.
    pub(crate) most: Option<f64>,
}

impl Row {
    fn json(&self) -> Value {
        let met = self.most.map(|most| self.value <= most);
        json!({"value": self.value, "unit": self.unit, "most": self.most, "met": met})
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, value, unit, most } = self;
        write!(f, "{name:<44} {value:>12.2} {unit:<10}")?;
        match most {
            Some(most) if value <= most => write!(f, " at most {most}: met"),
            Some(most) => write!(f, " at most {most}: MISSED"),
            None => Ok(()),
        }
    }
}

/// The middle of some figures.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
