//! Data that is not here.

use std::{io::sink, panic::catch_unwind, path::Path};

use crate::shared::find;

#[test]
fn what_is_not_here_is_left_out_aloud_and_only_where_nobody_asked_for_it() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let there = here.join("Cargo.toml");
    for is_needed in [true, false] {
        assert_eq!(find(here, "Cargo.toml", is_needed, &mut sink()), Some(there.clone()));
    }
    let nowhere = Path::new("/nowhere/shared");
    let mut said = Vec::new();
    assert_eq!(find(nowhere, "bank.txt", false, &mut said), None);
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("/nowhere/shared/bank.txt") && said.contains("MONTI_SHARED"), "{said}");
    for (folder, is_needed) in [(nowhere, true), (here, true), (here, false)] {
        let found = catch_unwind(|| find(folder, "bank.txt", is_needed, &mut sink()));
        let said = found.unwrap_err().downcast::<String>().unwrap();
        assert!(said.contains("bank.txt: No such file"), "{said}");
    }
}
