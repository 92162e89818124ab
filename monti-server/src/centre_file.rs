//! A centre together with the text that it was read from.

use std::sync::Arc;

use jiff::tz::TimeZone;
use monti_core::{Centre, file::FileError};

/// A centre and its file's text, which is kept with every snapshot: a journal is only good under
/// the centre that it was written under.
#[derive(Debug, Clone)]
pub struct CentreFile {
    centre: Centre,
    text: Arc<str>,
    zone: TimeZone,
}

impl CentreFile {
    /// Reads a centre file. The time zone must be one that this system, or jiff's own data, knows.
    ///
    /// # Errors
    /// What is wrong in the file.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        let centre = Centre::from_toml(text, |name| TimeZone::get(name).is_ok())?;
        let zone = TimeZone::get(centre.time_zone()).unwrap_or(TimeZone::UTC);
        Ok(Self { centre, text: Arc::from(text), zone })
    }

    /// The centre.
    pub fn centre(&self) -> &Centre {
        &self.centre
    }

    /// The file's text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The zone of its business dates.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

impl Default for CentreFile {
    /// The default centre.
    fn default() -> Self {
        let (centre, text) = (Centre::default(), Arc::from(Centre::DEFAULT_TOML));
        Self { centre, text, zone: TimeZone::UTC }
    }
}
