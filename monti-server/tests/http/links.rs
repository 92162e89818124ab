//! The project's pages lead where they say, and what two of them tell is the same.

use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn every_link_in_the_projects_pages_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let pages: Vec<_> =
        [root.to_owned(), root.join("docs")].iter().flat_map(|it| pages(it)).collect();
    assert!(pages.len() > 7, "{pages:?}");
    let mut links = 0;
    let mut broken = Vec::new();
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        for link in targets(&text) {
            links += 1;
            if !leads_somewhere(page, link) {
                broken.push(format!("{}: {link}", page.strip_prefix(root).unwrap().display()));
            }
        }
    }
    assert!(links > 30, "{links}");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn what_the_front_page_says_of_speed_was_measured() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let measured = fs::read_to_string(root.join("docs/benchmarks.md")).unwrap();
    let page = fs::read_to_string(root.join("README.md")).unwrap();
    let (_, speed) = page.split_once("\n## Speed\n").unwrap();
    let (speed, _) = speed.split_once("\n## ").unwrap();
    let rows: Vec<_> = speed.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    let sources = [
        ("a call's whole life", "16 queues, 400 agents  "),
        ("a call from its arrival", "assignment call to phone, p50"),
        ("the same, 99 of 100", "assignment call to phone, p99"),
        ("1,000 wallboards", "fanout     the same in bare loops"),
        ("records to DynamoDB", "100000 records while serving"),
        ("the wallboard of 400 agents", "processor, 400 agents / htop"),
        ("the same, bytes", "bytes, 400 agents / btop"),
        ("calls a second in a study", "ratio "),
    ];
    assert_eq!(rows.len(), sources.len(), "{rows:#?}");
    for (row, (says, source)) in rows.into_iter().zip(sources) {
        assert!(row.starts_with(&format!("| {says}")), "{row}");
        let source = measured.lines().find(|line| line.starts_with(source));
        let source = source.unwrap_or_else(|| panic!("nothing was measured for: {row}"));
        let told = row.split('|').nth(3).and_then(|cell| cell.split_whitespace().next());
        assert!(source.split_whitespace().any(|word| Some(word) == told), "{row}\n{source}");
    }
}

/// A filter that no test has would run none, and pass.
#[test]
fn every_longer_run_on_the_front_page_is_of_tests_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = fs::read_to_string(root.join("README.md")).unwrap().replace("\\\n", " ");
    let mut runs = 0;
    for command in page.lines().filter(|line| line.starts_with("MONTI_")) {
        let words: Vec<_> = command.split_whitespace().collect();
        let after = |name| words.iter().skip_while(|word| **word != name).nth(1).unwrap();
        let target = root.join(after("-p")).join("tests").join(after("--test"));
        let Some(filter) = words.iter().skip_while(|word| **word != "--test").nth(2) else {
            continue;
        };
        let variables: Vec<_> = words.iter().filter_map(|word| word.split_once('=')).collect();
        let is_of_it = |file: &PathBuf| {
            let text = fs::read_to_string(file).unwrap();
            let mut tests = text.lines().filter_map(|line| line.trim_start().split_once("fn "));
            (file.file_stem().unwrap() == *filter || tests.any(|(_, name)| name.contains(filter)))
                && variables.iter().all(|(name, _)| text.contains(name))
        };
        let files = fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().path());
        let mut files = files.filter(|path| path.extension().is_some_and(|it| it == "rs"));
        assert!(files.any(|file| is_of_it(&file)), "{command}");
        runs += 1;
    }
    assert!(runs > 5, "{runs}");
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|it| it == "md")).collect()
}

/// What stands in the parentheses of `[…](…)`, outside of code.
fn targets(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose
        .flat_map(|prose| prose.split("](").skip(1))
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.starts_with("http"))
        .collect()
}

fn leads_somewhere(page: &Path, link: &str) -> bool {
    let (file, heading) = link.split_once('#').map_or((link, None), |(file, it)| (file, Some(it)));
    let file = if file.is_empty() { page.to_owned() } else { page.parent().unwrap().join(file) };
    match heading {
        None => file.exists(),
        Some(heading) => fs::read_to_string(file).is_ok_and(|text| {
            let headings = text.lines().filter(|line| line.starts_with('#'));
            headings.map(anchor).any(|it| it == heading)
        }),
    }
}

/// The name by which a heading is linked to, as on the sites where such pages are read.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
    kept.map(|it| if it == ' ' { '-' } else { it }).collect()
}
