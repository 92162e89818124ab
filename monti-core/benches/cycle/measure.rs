//! Rounds, medians, and how they are shown.

/// How often everything is measured.
pub(crate) const ROUNDS: usize = 15;

/// One line of the result.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// Median time of one cycle.
    pub(crate) nanos: f64,
    /// How many times the named row it may take.
    pub(crate) limit: Option<(f64, &'static str)>,
}

/// The median of each run, which answers the nanoseconds that a cycle took. The runs take turns.
pub(crate) fn median_nanos(runs: &mut [Box<dyn FnMut() -> f64>], rounds: usize) -> Vec<f64> {
    let mut samples = vec![Vec::new(); runs.len()];
    for _ in 0..rounds {
        for (run, samples) in runs.iter_mut().zip(&mut samples) {
            samples.push(run());
        }
    }
    samples.into_iter().map(median).collect()
}

pub(crate) fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

fn ratio(rows: &[Row], row: &Row) -> Option<(f64, f64, &'static str)> {
    let (limit, base) = row.limit?;
    let base_row = rows.iter().find(|other| other.name == base)?;
    Some((row.nanos / base_row.nanos, limit, base))
}

pub(crate) fn print_table(rows: &[Row]) {
    for row in rows {
        print!("{:<44}{:>8.0} ns", row.name, row.nanos);
        if let Some((ratio, limit, base)) = ratio(rows, row) {
            let verdict = if ratio <= limit { "met" } else { "MISSED" };
            print!("   {ratio:>5.2} × {base} (at most {limit}: {verdict})");
        }
        println!();
    }
}

pub(crate) fn print_json(rows: &[Row]) {
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            let ratio = ratio(rows, row).map_or(String::new(), |(ratio, limit, base)| {
                format!(r#","ratio":{ratio:.3},"limit":{limit},"base":"{base}""#)
            });
            format!(r#"  {{"name":"{}","medianNanos":{:.1}{ratio}}}"#, row.name, row.nanos)
        })
        .collect();
    println!("[\n{}\n]", lines.join(",\n"));
}
