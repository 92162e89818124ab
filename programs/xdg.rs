//! Where files are kept that are not named on the command line.

use std::{env, path::PathBuf};

/// The folder of the XDG variable `name`, or without it the one `in_home`; `None` without a home.
pub(super) fn folder(name: &str, in_home: &str) -> Option<PathBuf> {
    find(name, in_home, |name| env::var_os(name).map(PathBuf::from))
}

/// What is not absolute counts as not set, as XDG wants it.
fn find(name: &str, in_home: &str, variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let folder = |name| variable(name).filter(|folder| folder.is_absolute());
    folder(name).or_else(|| Some(folder("HOME")?.join(in_home)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_where_xdg_wants_it() {
        let found = |xdg: Option<&str>, home: Option<&str>| {
            let variables = [("XDG_STATE_HOME", xdg), ("HOME", home)];
            find("XDG_STATE_HOME", ".local/state", |name| {
                let (_, value) = variables.into_iter().find(|(known, _)| *known == name)?;
                value.map(PathBuf::from)
            })
        };
        assert_eq!(found(Some("/state"), Some("/home/ada")), Some("/state".into()));
        let at_home = Some("/home/ada/.local/state".into());
        for not_set in [None, Some(""), Some("relative")] {
            assert_eq!(found(not_set, Some("/home/ada")), at_home, "{not_set:?}");
        }
        assert_eq!(found(None, None), None);
        assert_eq!(found(None, Some("relative")), None);
    }
}
