//! The colours of each theme, and the proof that they can be read.

use ratatui::style::Color;

use super::{Background, ThemeName};

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

/// A colour, and which of the terminal's own 16 stands in for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink {
    pub(super) rgb: Rgb,
    pub(super) ansi: Color,
}

/// A theme's colours, by what they say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Palette {
    pub(super) dim: Ink,
    pub(super) frame: Ink,
    pub(super) accent: Ink,
    pub(super) good: Ink,
    pub(super) warn: Ink,
    pub(super) bad: Ink,
    pub(super) stale: Ink,
    pub(super) past: Ink,
    /// Behind a selected row's text.
    pub(super) selected: Ink,
    /// The background that all of it is made for, and plain text on it.
    pub(super) ground: Ink,
    pub(super) text: Ink,
}

impl Palette {
    /// The palette of a theme on a background.
    pub(super) fn of(name: ThemeName, background: Background) -> &'static Self {
        match (name, background) {
            (ThemeName::Dark, _) => &DARK,
            (ThemeName::Light, _) => &LIGHT,
            (ThemeName::HighContrast, Background::Dark) => &HIGH_CONTRAST_DARK,
            (ThemeName::HighContrast, Background::Light) => &HIGH_CONTRAST_LIGHT,
            (ThemeName::ColourVision, Background::Dark) => &COLOUR_VISION_DARK,
            (ThemeName::ColourVision, Background::Light) => &COLOUR_VISION_LIGHT,
        }
    }
}

const DARK: Palette = Palette {
    dim: ink(0x9a_a5_b1, Color::Gray),
    frame: ink(0x5c_67_73, Color::DarkGray),
    accent: ink(0x79_b8_ff, Color::LightCyan),
    good: ink(0x7f_d8_8f, Color::LightGreen),
    warn: ink(0xf0_c6_74, Color::LightYellow),
    bad: ink(0xff_7b_72, Color::LightRed),
    stale: ink(0x8b_94_9e, Color::Gray),
    past: ink(0xd2_a8_ff, Color::LightMagenta),
    selected: ink(0x2d_3a_4a, Color::DarkGray),
    ground: ink(0x14_18_1e, Color::Black),
    text: ink(0xe6_ed_f3, Color::White),
};

// Of the 16, yellow is lost on white: magenta warns, and the past has another.
const LIGHT: Palette = Palette {
    dim: ink(0x57_60_6a, Color::DarkGray),
    frame: ink(0x9a_a4_ae, Color::Gray),
    accent: ink(0x05_50_ae, Color::Blue),
    good: ink(0x11_63_29, Color::Green),
    warn: ink(0x7d_4e_00, Color::Magenta),
    bad: ink(0xb3_16_1f, Color::Red),
    stale: ink(0x65_6d_76, Color::DarkGray),
    past: ink(0x66_39_ba, Color::LightBlue),
    selected: ink(0xd8_e4_f2, Color::Gray),
    ground: ink(0xff_ff_ff, Color::White),
    text: ink(0x1f_23_28, Color::Black),
};

const HIGH_CONTRAST_DARK: Palette = Palette {
    dim: ink(0xd0_d0_d0, Color::Gray),
    frame: ink(0x9a_9a_9a, Color::Gray),
    accent: ink(0x9f_d0_ff, Color::LightCyan),
    good: ink(0x5f_ff_87, Color::LightGreen),
    warn: ink(0xff_ff_5f, Color::LightYellow),
    bad: ink(0xff_a0_a0, Color::LightRed),
    stale: ink(0xc0_c0_c0, Color::Gray),
    past: ink(0xe0_c0_ff, Color::LightMagenta),
    selected: ink(0x20_30_50, Color::DarkGray),
    ground: ink(0x14_18_1e, Color::Black),
    text: ink(0xe6_ed_f3, Color::White),
};

const HIGH_CONTRAST_LIGHT: Palette = Palette {
    dim: ink(0x30_30_30, Color::Black),
    frame: ink(0x60_60_60, Color::DarkGray),
    accent: ink(0x00_24_87, Color::Blue),
    good: ink(0x00_4d_1a, Color::Green),
    warn: ink(0x5f_2f_00, Color::Magenta),
    bad: ink(0x8f_00_10, Color::Red),
    stale: ink(0x40_40_40, Color::DarkGray),
    past: ink(0x4b_25_94, Color::LightBlue),
    selected: ink(0xe2_ec_ff, Color::Gray),
    ground: ink(0xff_ff_ff, Color::White),
    text: ink(0x1f_23_28, Color::Black),
};

// Good, warn and bad after Okabe and Ito: blue, yellow, vermilion.
const COLOUR_VISION_DARK: Palette = Palette {
    accent: ink(0xd0_d7_de, Color::White),
    good: ink(0x56_b4_e9, Color::LightBlue),
    warn: ink(0xf0_e4_42, Color::LightYellow),
    bad: ink(0xff_7f_3f, Color::LightRed),
    ..DARK
};

const COLOUR_VISION_LIGHT: Palette = Palette {
    accent: ink(0x24_29_2f, Color::Black),
    good: ink(0x00_54_a6, Color::Blue),
    warn: ink(0x80_60_00, Color::Magenta),
    bad: ink(0xa8_00_3c, Color::Red),
    ..LIGHT
};

const fn ink(rgb: u32, ansi: Color) -> Ink {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Ink { rgb: Rgb(red, green, blue), ansi }
}

impl Rgb {
    /// How far apart two colours are, squared: enough to find the nearest.
    pub(super) fn distance(self, other: Self) -> u32 {
        let part = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        part(self.0, other.0) + part(self.1, other.1) + part(self.2, other.2)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::depth::{indexed, nearest},
        *,
    };

    /// Usual backgrounds of dark and of light terminals.
    const DARKS: [Rgb; 3] = [Rgb(0, 0, 0), Rgb(0x1e, 0x1e, 0x2e), Rgb(0x28, 0x2c, 0x34)];
    const LIGHTS: [Rgb; 3] = [Rgb(255, 255, 255), Rgb(0xfa, 0xfa, 0xfa), Rgb(0xfd, 0xf6, 0xe3)];

    const ALL: [(&str, &Palette, &[Rgb; 3], f64); 6] = [
        ("dark", &DARK, &DARKS, 4.5),
        ("light", &LIGHT, &LIGHTS, 4.5),
        ("high contrast on dark", &HIGH_CONTRAST_DARK, &DARKS, 7.0),
        ("high contrast on light", &HIGH_CONTRAST_LIGHT, &LIGHTS, 7.0),
        ("colour vision on dark", &COLOUR_VISION_DARK, &DARKS, 4.5),
        ("colour vision on light", &COLOUR_VISION_LIGHT, &LIGHTS, 4.5),
    ];

    #[test]
    fn text_has_the_contrast_that_wcag_wants_in_24_bits_and_in_256_colours() {
        for (name, palette, backgrounds, least) in ALL {
            for ink in texts(palette) {
                for shown in [ink.rgb, indexed(nearest(ink.rgb))] {
                    for background in backgrounds {
                        let ratio = contrast(shown, *background);
                        assert!(ratio >= least, "{name}: {shown:?} on {background:?}: {ratio:.2}");
                    }
                }
            }
        }
    }

    #[test]
    fn text_can_be_read_on_the_ground_that_a_theme_paints() {
        for (name, palette, _, least) in ALL {
            for ink in texts(palette).into_iter().chain([palette.text]) {
                for (text, ground) in [
                    (ink.rgb, palette.ground.rgb),
                    (indexed(nearest(ink.rgb)), indexed(nearest(palette.ground.rgb))),
                ] {
                    let ratio = contrast(text, ground);
                    assert!(ratio >= least, "{name}: {text:?} on {ground:?}: {ratio:.2}");
                }
            }
        }
    }

    #[test]
    fn text_in_the_terminals_own_16_colours_is_not_lost_on_what_is_behind_it() {
        for (name, palette, backgrounds, _) in ALL {
            for ink in texts(palette) {
                // Least, on white, has green.
                let ratio = contrast(of_xterm(ink.ansi), backgrounds[0]);
                assert!(ratio >= 2.0, "{name}: {:?}: {ratio:.2}", ink.ansi);
            }
        }
    }

    #[test]
    fn text_can_be_read_on_a_selected_row() {
        for (name, palette, _, _) in ALL {
            for ink in texts(palette) {
                let ratio = contrast(ink.rgb, palette.selected.rgb);
                assert!(ratio >= 3.5, "{name}: {ink:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn good_warn_and_bad_differ_for_every_kind_of_colour_vision() {
        for palette in [&COLOUR_VISION_DARK, &COLOUR_VISION_LIGHT] {
            let levels = [palette.good.rgb, palette.warn.rgb, palette.bad.rgb];
            for (kind, matrix) in DEFICIENCIES {
                let seen = levels.map(|level| lab(seen_with(&matrix, level)));
                for (one, other) in [(0, 1), (0, 2), (1, 2)] {
                    let difference = apart(seen[one], seen[other]);
                    assert!(difference >= 20.0, "{kind}: {one} and {other}: {difference:.0}");
                }
            }
        }
    }

    /// What xterm shows for those of its 16 that are used.
    fn of_xterm(colour: Color) -> Rgb {
        match colour {
            Color::Black => Rgb(0, 0, 0),
            Color::Red => Rgb(0xcd, 0, 0),
            Color::Green => Rgb(0, 0xcd, 0),
            Color::Yellow => Rgb(0xcd, 0xcd, 0),
            Color::Blue => Rgb(0, 0, 0xee),
            Color::Magenta => Rgb(0xcd, 0, 0xcd),
            Color::Gray => Rgb(0xe5, 0xe5, 0xe5),
            Color::DarkGray => Rgb(0x7f, 0x7f, 0x7f),
            Color::LightRed => Rgb(0xff, 0, 0),
            Color::LightGreen => Rgb(0, 0xff, 0),
            Color::LightYellow => Rgb(0xff, 0xff, 0),
            Color::LightBlue => Rgb(0x5c, 0x5c, 0xff),
            Color::LightMagenta => Rgb(0xff, 0, 0xff),
            Color::LightCyan => Rgb(0, 0xff, 0xff),
            Color::White => Rgb(0xff, 0xff, 0xff),
            other => panic!("{other:?} is none of them"),
        }
    }

    fn texts(palette: &Palette) -> [Ink; 7] {
        let Palette { dim, accent, good, warn, bad, stale, past, .. } = *palette;
        [dim, accent, good, warn, bad, stale, past]
    }

    /// The contrast ratio of WCAG 2, 1 to 21.
    fn contrast(one: Rgb, other: Rgb) -> f64 {
        let luminance = |colour| {
            let [red, green, blue] = linear(colour);
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        let (one, other) = (luminance(one), luminance(other));
        one.max(other) / one.min(other)
    }

    fn linear(Rgb(red, green, blue): Rgb) -> [f64; 3] {
        [red, green, blue].map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    type Matrix = [[f64; 3]; 3];

    /// Machado, Oliveira and Fernandes 2009, severity 1, in linear RGB.
    const DEFICIENCIES: [(&str, Matrix); 3] = [
        (
            "protanopia",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        ),
        (
            "deuteranopia",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        ),
        (
            "tritanopia",
            [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        ),
    ];

    fn seen_with(matrix: &Matrix, colour: Rgb) -> [f64; 3] {
        times(matrix, linear(colour)).map(|channel| channel.clamp(0.0, 1.0))
    }

    fn times(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
    }

    /// CIELAB under D65.
    fn lab(linear: [f64; 3]) -> [f64; 3] {
        const TO_XYZ: Matrix =
            [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
        let [x, y, z] = times(&TO_XYZ, linear);
        let curve = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let (x, y, z) = (curve(x / 0.950_47), curve(y), curve(z / 1.088_83));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn apart(one: [f64; 3], other: [f64; 3]) -> f64 {
        one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }
}
