//! What opens a server.

use std::{fmt, fs, io, path::PathBuf};

use tokio_tungstenite::tungstenite::http::HeaderValue;

/// A token, or where it is kept. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub enum Token {
    /// The token itself.
    Text(String),
    /// The file whose first line it is.
    File(PathBuf),
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file cannot be read.
    #[error("the token's file {file}: {source}")]
    File {
        /// The file.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// There is none in it, or one that cannot be one.
    #[error("{place} holds no token: printable ASCII without blanks is expected")]
    NoToken {
        /// Where it should be.
        place: String,
    },
}

impl Token {
    /// The value of the `Authorization` header.
    pub(super) fn authorization(&self) -> Result<HeaderValue, TokenError> {
        let (text, place) = match self {
            Self::Text(text) => (text.clone(), "MONTI_TOKEN".to_owned()),
            Self::File(path) => {
                let file = path.display().to_string();
                let unreadable = |source| TokenError::File { file: file.clone(), source };
                (fs::read_to_string(path).map_err(unreadable)?, file)
            }
        };
        let token = text.lines().next().unwrap_or_default().trim();
        let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        let value = is_token.then(|| HeaderValue::try_from(format!("Bearer {token}")).ok());
        let mut value = value.flatten().ok_or(TokenError::NoToken { place })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(…)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_first_line_of_its_file_as_it_is_now() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let token = Token::File(file.clone());
        assert!(token.authorization().unwrap_err().to_string().contains("token"));
        for (text, header) in [("monti_abc\n", "Bearer monti_abc"), ("new\nold\n", "Bearer new")] {
            fs::write(&file, text).unwrap();
            assert_eq!(token.authorization().unwrap(), header);
        }
        for text in ["", "\n", "a b", "\u{202e}a"] {
            fs::write(&file, text).unwrap();
            assert!(matches!(token.authorization(), Err(TokenError::NoToken { .. })), "{text:?}");
        }
    }

    #[test]
    fn a_token_is_never_shown() {
        let token = Token::Text("monti_secret".to_owned());
        assert!(!format!("{token:?} {:?}", token.authorization()).contains("secret"));
    }
}
