//! A message as it goes over the wire.

use std::{ops::Deref, sync::Arc};

use bytes::Bytes;
use serde::Serialize;

/// The first byte of a frame that is a whole message of text (RFC 6455, 5.2).
const FINAL_TEXT: u8 = 0x81;

/// The most bytes before a frame's text. A server's frames are not masked.
const HEADER_BYTES_MAX: usize = 10;

/// A message in its frame, as it goes over the wire: made once, and shared by all who are sent it.
/// Cloning it copies nothing. As a [`str`] it is the message alone.
#[derive(Debug, Clone)]
pub struct Text {
    frame: Bytes,
    header_bytes: usize,
}

impl Text {
    /// A message of its own type.
    pub(crate) fn of(message: &impl Serialize) -> Self {
        let mut bytes = vec![0; HEADER_BYTES_MAX];
        // The messages are plain values with text for keys: none fails to be written.
        if let Err(error) = serde_json::to_writer(&mut bytes, message) {
            tracing::error!(%error, "a message cannot be written");
            bytes.truncate(HEADER_BYTES_MAX);
        }
        let text_bytes = bytes.len() - HEADER_BYTES_MAX;
        let (header, header_bytes) = header(text_bytes);
        let begin = HEADER_BYTES_MAX - header_bytes;
        bytes[begin..HEADER_BYTES_MAX].copy_from_slice(&header[..header_bytes]);
        bytes.shrink_to_fit();
        Self { frame: Bytes::from(bytes).slice(begin..), header_bytes }
    }

    /// The frame, its header included.
    pub(crate) fn into_frame(self) -> Bytes {
        self.frame
    }
}

/// Messages that are told together: made once, and shared by all who are told the same. Cloning them
/// copies nothing.
#[derive(Debug, Clone)]
pub struct Told {
    texts: Arc<[Text]>,
    /// Their frames, one after the other.
    frames: Bytes,
}

impl Told {
    pub(super) fn of(texts: Vec<Text>) -> Self {
        let frames = match &*texts {
            [text] => text.frame.clone(),
            texts => {
                let mut frames = Vec::with_capacity(texts.iter().map(|it| it.frame.len()).sum());
                texts.iter().for_each(|text| frames.extend_from_slice(&text.frame));
                frames.into()
            }
        };
        Self { texts: texts.into(), frames }
    }

    /// The frames, as they go over the wire.
    pub(crate) fn into_frames(self) -> Bytes {
        self.frames
    }
}

impl Deref for Told {
    type Target = [Text];

    fn deref(&self) -> &[Text] {
        &self.texts
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        // It was written as JSON.
        str::from_utf8(&self.frame[self.header_bytes..]).unwrap_or_default()
    }
}

/// What is before a text of so many bytes, and how much of that counts.
fn header(text_bytes: usize) -> ([u8; HEADER_BYTES_MAX], usize) {
    let mut header = [0; HEADER_BYTES_MAX];
    header[0] = FINAL_TEXT;
    if let Ok(length @ ..126) = u8::try_from(text_bytes) {
        header[1] = length;
        (header, 2)
    } else if let Ok(length) = u16::try_from(text_bytes) {
        header[1] = 126;
        header[2..4].copy_from_slice(&length.to_be_bytes());
        (header, 4)
    } else {
        header[1] = 127;
        header[2..].copy_from_slice(&(text_bytes as u64).to_be_bytes());
        (header, HEADER_BYTES_MAX)
    }
}

#[cfg(test)]
mod tests {
    use tungstenite::protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    };

    use super::*;

    #[test]
    fn a_frame_of_any_length_is_as_a_library_writes_it() {
        for length in [2, 3, 125, 126, 127, 65_535, 65_536, 70_000] {
            let text = Text::of(&"x".repeat(length - 2));
            let json = format!("\"{}\"", "x".repeat(length - 2));
            assert_eq!(&*text, json);
            let mut framed = Vec::new();
            let frame = Frame::message(json, OpCode::Data(Data::Text), true);
            frame.format(&mut framed).unwrap();
            assert!(text.into_frame() == framed, "{length}");
        }
    }
}
