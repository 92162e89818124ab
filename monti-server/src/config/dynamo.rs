//! Where records are kept beyond this machine.

use clap::{ArgAction, Args, ValueEnum, builder::BoolishValueParser};

use crate::dynamo::{DynamoOptions, Layout, Place};

/// The partitions that a date can be spread over at most: two digits number them.
const SHARDS_MAX: u32 = 100;

/// The longest prefix: with it the tables' names have at most 255 characters.
const PREFIX_MAX: usize = 200;

/// Where calls and agents' days are kept beyond this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StoreChoice {
    /// Nowhere: monti.db in the data folder is all
    Embedded,
    /// In DynamoDB, or a server that is compatible with it
    Dynamodb,
}

/// How DynamoDB is reached.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "DynamoDB")]
pub struct DynamoArgs {
    /// Whether it is a local or compatible server, which gets placeholders for credentials; false
    /// is AWS, with the credentials that its SDK finds. Set, it implies --store dynamodb
    #[arg(long, value_name = "BOOL", env = "DYNAMO_USE_LOCAL", global = true)]
    #[arg(action = ArgAction::Set, value_parser = BoolishValueParser::new())]
    dynamo_use_local: Option<bool>,

    /// Its URL [default: http://localhost:8000 if local, else the region's]
    #[arg(long, value_name = "URL", env = "DYNAMO_ENDPOINT", global = true)]
    dynamo_endpoint: Option<String>,

    /// The region [default: what AWS's SDK finds]
    #[arg(long, value_name = "REGION", env = "AWS_REGION", global = true)]
    aws_region: Option<String>,

    /// What the names of the tables begin with
    #[arg(
        long,
        value_name = "TEXT",
        env = "DYNAMO_TABLE_PREFIX",
        default_value = "",
        global = true
    )]
    #[arg(value_parser = prefix)]
    dynamo_table_prefix: String,

    /// The partitions that a date's calls are spread over, 1 to 100, never to be lowered again; for
    /// centres that finish more than 1,000 calls a second
    #[arg(long, value_name = "N", env = "DYNAMO_DATE_SHARDS", default_value = "1", global = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(SHARDS_MAX)))]
    dynamo_date_shards: u32,
}

impl DynamoArgs {
    /// Where the tables are, if the `choice` is DynamoDB; without one they are if it was said
    /// whether DynamoDB is local.
    pub fn chosen(&self, choice: Option<StoreChoice>) -> Option<DynamoOptions> {
        match choice {
            Some(StoreChoice::Embedded) => None,
            Some(StoreChoice::Dynamodb) => Some(self.options()),
            None => self.dynamo_use_local.map(|_| self.options()),
        }
    }

    /// Where the tables are; on AWS unless it was said that DynamoDB is local.
    pub fn options(&self) -> DynamoOptions {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let (endpoint, region) = (given(&self.dynamo_endpoint), given(&self.aws_region));
        let place = if self.dynamo_use_local == Some(true) {
            Place::Local { endpoint, region }
        } else {
            Place::Aws { endpoint, region }
        };
        let (prefix, shards) = (self.dynamo_table_prefix.clone(), self.dynamo_date_shards);
        DynamoOptions { place, layout: Layout { prefix, shards } }
    }
}

fn prefix(text: &str) -> Result<String, String> {
    let is_allowed = |char: char| char.is_ascii_alphanumeric() || "_.-".contains(char);
    if text.len() <= PREFIX_MAX && text.chars().all(is_allowed) {
        return Ok(text.to_owned());
    }
    Err(format!("allowed are letters, digits, `_`, `.` and `-`, at most {PREFIX_MAX} of them"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        dynamo: DynamoArgs,
    }

    fn read(arguments: &[&str]) -> DynamoArgs {
        Line::try_parse_from([&["monti-server"], arguments].concat()).unwrap().dynamo
    }

    #[test]
    fn dynamodb_is_used_when_asked_for_or_when_it_is_said_where_it_is() {
        let local = Place::Local { endpoint: None, region: None };
        let aws = Place::Aws { endpoint: None, region: None };
        for (arguments, choice, place) in [
            (&[][..], None, None),
            (&[], Some(StoreChoice::Dynamodb), Some(&aws)),
            (&["--dynamo-use-local", "true"], None, Some(&local)),
            (&["--dynamo-use-local", "false"], None, Some(&aws)),
            (&["--dynamo-use-local", "true"], Some(StoreChoice::Embedded), None),
            (&["--dynamo-endpoint", "http://db:8000"], None, None),
        ] {
            let chosen = read(arguments).chosen(choice);
            assert_eq!(chosen.map(|it| it.place).as_ref(), place, "{arguments:?} {choice:?}");
        }
    }

    #[test]
    fn what_is_set_to_nothing_is_not_set() {
        let args = read(&["--dynamo-endpoint", "", "--aws-region", "", "--dynamo-use-local", "1"]);
        assert_eq!(args.options().place, Place::Local { endpoint: None, region: None });
    }

    #[test]
    fn a_prefix_is_what_tables_names_allow() {
        assert_eq!(prefix("test-7_a."), Ok("test-7_a.".to_owned()));
        for text in ["a b", "a/b", "ä", &"a".repeat(201)] {
            assert!(prefix(text).is_err(), "{text}");
        }
        assert!(Line::try_parse_from(["", "--dynamo-date-shards", "0"]).is_err());
        assert!(Line::try_parse_from(["", "--dynamo-date-shards", "101"]).is_err());
    }
}
