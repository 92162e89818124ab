//! What is drawn, on its way to the terminal: a frame is one write, and no change is none.

use std::{
    io::{self, Write},
    iter,
};

use crossterm::{
    queue,
    terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate},
};
use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
    style::Style,
};

/// A backend over ratatui's own for crossterm. That one writes to the terminal in each frame, even
/// in one that is as the last was: colours are reset, the cursor is hidden again. Here a frame is
/// collected, and what is new of it goes out whole, between the marks of a synchronized update
/// (mode 2026), so that no terminal shows half of it. What looks alike goes together: a look takes
/// more bytes than a place, and over SSH they count.
#[derive(Debug)]
pub struct Painter<W> {
    out: W,
    frame: Vec<u8>,
    /// Where the cursor is seen; `None` while it is hidden, which it is when the terminal is taken
    /// over.
    cursor: Option<Position>,
    is_cursor_shown: bool,
}

impl<W: Write> Painter<W> {
    /// Paints on `out`.
    pub fn new(out: W) -> Self {
        Self { out, frame: Vec::new(), cursor: None, is_cursor_shown: false }
    }

    fn inner(&mut self) -> CrosstermBackend<&mut Vec<u8>> {
        CrosstermBackend::new(&mut self.frame)
    }
}

impl<W: Write> Backend for Painter<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = by_look(content).into_iter();
        let mut next = content.next();
        while let Some(first) = next.take() {
            // The cursor moves along with what is drawn.
            self.cursor = None;
            let mut may_join = may_join(first.2);
            let rest = iter::from_fn(|| {
                let cell = content.next()?;
                let joined = std::mem::replace(&mut may_join, self::may_join(cell.2));
                if joined && !may_join {
                    next = Some(cell);
                    return None;
                }
                Some(cell)
            });
            self.inner().draw(iter::once(first).chain(rest.fuse()))?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.is_cursor_shown, false) {
            self.inner().hide_cursor()?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_cursor_shown, true) {
            self.inner().show_cursor()?;
        }
        Ok(())
    }

    /// Where it was last set. The terminal is not asked: its answer would come in among the keys,
    /// for which somebody else waits.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.replace(position) != Some(position) {
            self.inner().set_cursor_position(position)?;
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner().clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner().clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        CrosstermBackend::new(io::sink()).size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner().window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::with_capacity(self.frame.len() + 16);
        queue!(whole, BeginSynchronizedUpdate)?;
        whole.append(&mut self.frame);
        queue!(whole, EndSynchronizedUpdate)?;
        self.out.write_all(&whole)?;
        self.out.flush()
    }
}

/// The cells of each look one after another, in the order in which the looks come.
fn by_look<'a>(cells: impl Iterator<Item = (u16, u16, &'a Cell)>) -> Vec<(u16, u16, &'a Cell)> {
    let mut looks: Vec<(Style, Vec<_>)> = Vec::new();
    let mut last = 0;
    for cell in cells {
        let look = cell.2.style();
        if looks.get(last).is_none_or(|(other, _)| *other != look) {
            last = looks.iter().position(|(other, _)| *other == look).unwrap_or(looks.len());
            if last == looks.len() {
                looks.push((look, Vec::new()));
            }
        }
        looks[last].1.push(cell);
    }
    looks.into_iter().flat_map(|(_, cells)| cells).collect()
}

/// Whether a cell is of a script of which some terminals draw several letters as one, in fewer
/// columns than they have. What follows such letters is put where it belongs, and not behind them.
fn may_join(cell: &Cell) -> bool {
    cell.symbol().chars().any(|it| it >= '\u{300}' && it.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use ratatui::{
        Terminal, TerminalOptions, Viewport, layout::Rect, style::Stylize as _, text::Line,
    };

    use super::*;

    #[test]
    fn a_frame_is_one_synchronized_update_and_no_change_is_no_byte() {
        let mut written = Writes::default();
        let mut terminal = terminal(&mut written);
        for text in ["live", "live", "lost"] {
            terminal.draw(|frame| frame.render_widget(text, frame.area())).unwrap();
        }
        drop(terminal);
        assert_eq!(written.0.len(), 2, "{written:?}");
        for update in &written.0 {
            assert!(update.starts_with("\x1b[?2026h") && update.ends_with("\x1b[?2026l"));
        }
        assert!(written.0[0].contains("live"));
        assert!(!written.0[1].contains('l') || written.0[1].contains("ost"), "{written:?}");
    }

    #[test]
    fn a_look_is_told_once_in_a_frame() {
        let mut written = Writes::default();
        let mut terminal = terminal(&mut written);
        let line = Line::from_iter(["ab".red(), "cd".into(), "ef".red(), "gh".into()]);
        terminal.draw(|frame| frame.render_widget(line, frame.area())).unwrap();
        drop(terminal);
        let update = &written.0[0];
        assert_eq!(update.matches("\x1b[38;5;1").count(), 1, "{update:?}");
        for drawn in ["ab\x1b[1;5Hef", "\x1b[1;3H", "cd\x1b[1;7Hgh"] {
            assert!(update.contains(drawn), "{drawn:?} in {update:?}");
        }
    }

    #[test]
    fn what_follows_letters_that_may_be_drawn_as_one_is_put_in_its_place() {
        let mut written = Writes::default();
        let mut terminal = terminal(&mut written);
        terminal.draw(|frame| frame.render_widget("abनमcd", frame.area())).unwrap();
        drop(terminal);
        // In the fifth column, whatever the two letters took.
        assert!(written.0[0].contains("abनम"), "{written:?}");
        assert!(written.0[0].contains("\x1b[1;5Hcd"), "{written:?}");
    }

    #[test]
    fn a_cursor_that_stays_is_not_set_again() {
        let mut written = Writes::default();
        let mut terminal = terminal(&mut written);
        for column in [3, 3, 4] {
            terminal.draw(|frame| frame.set_cursor_position((column, 0))).unwrap();
        }
        drop(terminal);
        assert_eq!(written.0.len(), 2, "{written:?}");
    }

    /// One of twenty columns and two rows.
    fn terminal(written: &mut Writes) -> Terminal<Painter<&mut Writes>> {
        let viewport = Viewport::Fixed(Rect::new(0, 0, 20, 2));
        Terminal::with_options(Painter::new(written), TerminalOptions { viewport }).unwrap()
    }

    /// What was written, write by write.
    #[derive(Debug, Default)]
    struct Writes(Vec<String>);

    impl Write for &mut Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
