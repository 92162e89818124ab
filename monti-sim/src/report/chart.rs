//! A chart of a day, as an inline picture.

use std::fmt::Write as _;

use crate::study::QUARTERS;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 48.0;
/// Half of an hour's text, which stands under the end of the line.
const RIGHT: f64 = 20.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 26.0;

/// Lines over the hours of a day.
pub(super) struct Chart<'a> {
    pub(super) title: &'a str,
    pub(super) unit: &'a str,
    /// The end of the scale; `None` fits it to the lines.
    pub(super) top: Option<f64>,
    /// A value to be marked across.
    pub(super) mark: Option<f64>,
    pub(super) lines: Vec<Line>,
}

/// A line: a value for each quarter of an hour, or a gap.
pub(super) struct Line {
    /// As HTML.
    pub(super) name: String,
    /// Its number among the page's colours.
    pub(super) colour: usize,
    pub(super) values: Vec<Option<f64>>,
}

impl Chart<'_> {
    /// The chart with its title and legend.
    pub(super) fn svg(&self) -> String {
        let (from, until) = self.span();
        let largest = self.lines.iter().flat_map(|line| &line.values).flatten();
        let largest = largest.copied().fold(0.0, f64::max);
        let step = self.top.map_or_else(|| round_step(largest / 4.0), |top| top / 4.0);
        let steps = self.top.map_or_else(|| (largest / step).ceil().max(1.0), |_| 4.0);
        let scale = Scale { from: hour(from), until: hour(until), top: step * steps };
        let mut svg = format!(
            "<figure>\n<figcaption>{}</figcaption>\n<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             role=\"img\" aria-label=\"{}\">\n",
            self.title, self.title,
        );
        self.grid(&mut svg, &scale, step);
        for line in &self.lines {
            line.draw(&mut svg, &scale);
        }
        svg.push_str("</svg>\n<div class=\"legend\">");
        for line in &self.lines {
            let (name, colour) = (&line.name, line.colour);
            let _ = write!(svg, "<span><i style=\"background:var(--c{colour})\"></i>{name}</span>");
        }
        svg.push_str("</div>\n</figure>\n");
        svg
    }

    /// The first quarter with a value and the one after the last.
    fn span(&self) -> (usize, usize) {
        let has = |quarter: &usize| self.lines.iter().any(|line| line.values[*quarter].is_some());
        let first = (0..QUARTERS).find(has).unwrap_or(0);
        let last = (0..QUARTERS).rev().find(has).unwrap_or(QUARTERS - 1);
        (first, last + 1)
    }

    fn grid(&self, svg: &mut String, scale: &Scale, step: f64) {
        let right = WIDTH - RIGHT;
        let mut value = 0.0;
        while value <= scale.top * 1.001 {
            let y = scale.y(value);
            let (text_x, text_y, unit) = (LEFT - 6.0, y + 4.0, self.unit);
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text x=\"{text_x}\" y=\"{text_y:.1}\" text-anchor=\"end\">{}{unit}</text>",
                number(value),
            );
            value += step;
        }
        let every = if scale.until - scale.from > 12.0 { 2.0 } else { 1.0 };
        let mut hour = (scale.from / every).ceil() * every;
        while hour <= scale.until {
            let (x, y) = (scale.x(hour), HEIGHT - 8.0);
            let _ = writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{hour:02.0}:00</text>"
            );
            hour += every;
        }
        if let Some(mark) = self.mark {
            let y = scale.y(mark);
            let _ = writeln!(
                svg,
                "<line class=\"mark\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"
            );
        }
    }
}

impl Line {
    fn draw(&self, svg: &mut String, scale: &Scale) {
        let mut path = String::new();
        let mut is_drawing = false;
        for (quarter, value) in self.values.iter().enumerate() {
            let Some(value) = value else {
                is_drawing = false;
                continue;
            };
            // In the middle of its quarter.
            let (x, y) = (scale.x(hour(quarter) + 0.125), scale.y(*value));
            // Of a value between two gaps: a line of no length is painted, as a dot.
            let (command, line) = if is_drawing { ("L", "") } else { ("M", "h0") };
            let _ = write!(path, "{command}{x:.1} {y:.1}{line}");
            is_drawing = true;
        }
        let colour = self.colour;
        let name = &self.name;
        let _ = writeln!(
            svg,
            "<path class=\"curve\" style=\"stroke:var(--c{colour})\" d=\"{path}\">\
             <title>{name}</title></path>"
        );
    }
}

struct Scale {
    /// Hours.
    from: f64,
    until: f64,
    /// The value at the upper end; 0 is at the lower.
    top: f64,
}

impl Scale {
    fn x(&self, hour: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * (hour - self.from) / (self.until - self.from)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / self.top).min(1.0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most 96")]
fn hour(quarter: usize) -> f64 {
    quarter as f64 / 4.0
}

/// The next larger of 1, 2 and 5 times a power of ten.
fn round_step(step: f64) -> f64 {
    let mut unit = 0.001;
    while unit * 10.0 < step {
        unit *= 10.0;
    }
    let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * unit);
    steps.into_iter().find(|rounded| *rounded >= step).unwrap_or(10.0 * unit)
}

/// A number on an axis.
fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
