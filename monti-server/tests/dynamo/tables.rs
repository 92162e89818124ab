//! Making the tables, and checking them.

use aws_sdk_dynamodb::types::AttributeValue;
use monti_server::{
    dynamo::{self, Dynamo, Layout, Patience},
    outbox::Sink as _,
    store::{Letter, LetterKind},
};

use crate::{
    proxy::{Fault, Proxy},
    servers::{Kind, Tables, run},
};

#[test]
fn tables_are_made_once_and_checked_without_a_trace() {
    for kind in [Kind::Dynoxide, Kind::Dynalite] {
        let tables = Tables::on(kind);
        run(async {
            let dynamo = tables.reach().await;
            let made = dynamo::create_tables(&dynamo).await.unwrap();
            let names: Vec<_> = made.iter().map(|it| (it.table.clone(), it.is_new)).collect();
            let wanted = [tables.layout.calls_table(), tables.layout.days_table()];
            assert_eq!(names, wanted.map(|name| (name, false)));
            let findings = dynamo::check(&dynamo).await;
            assert_eq!(findings.len(), 6);
            for finding in findings {
                assert!(finding.outcome.is_ok(), "{finding:?}");
            }
            let client = tables.client().await;
            for table in [tables.layout.calls_table(), tables.layout.days_table()] {
                assert_eq!(client.scan().table_name(table).send().await.unwrap().count, 0);
            }
        });
    }
}

/// What was just made is not known everywhere on AWS, and not ready for recovery for a while.
#[test]
fn tables_that_take_their_time_are_waited_for() {
    let mut tables = Tables::on(Kind::Dynoxide);
    tables.layout.prefix.insert_str(0, "new-");
    let proxy = Proxy::before(&tables.server.endpoint);
    proxy.plan(|number| match number {
        1 | 2 => Fault::Refuse("ResourceNotFoundException"),
        4 | 5 => Fault::Refuse("ContinuousBackupsUnavailableException"),
        _ => Fault::None,
    });
    let made = run(async {
        let place = tables.options(&proxy.endpoint);
        let dynamo = Dynamo::connect(&place, Patience::WRITING).await.unwrap();
        dynamo::create_tables(&dynamo).await.unwrap()
    });
    assert!(made.iter().all(|it| it.is_new), "{made:?}");
    let told: Vec<_> = made.iter().map(|it| it.without_recovery.as_deref()).collect();
    assert_eq!(told[0], told[1], "what the server itself says");
    // A table is made, looked at and kept for recovery.
    assert_eq!(proxy.requests(), 2 * 3 + 4);
}

#[test]
fn a_check_tells_of_tables_that_are_not_there() {
    let mut tables = Tables::on(Kind::Dynoxide);
    tables.layout = Layout { prefix: "other-".to_owned(), shards: 1 };
    let findings = run(async { dynamo::check(&tables.reach().await).await });
    let told: Vec<_> = findings.iter().map(|it| format!("{it:?}")).collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|it| it.contains("ResourceNotFoundException")), "{told:?}");
}

/// Other tools read them: names and kinds are a contract.
#[test]
fn items_are_as_the_protocol_says() {
    let tables = Tables::on(Kind::Dynoxide);
    let letter = |kind, key: &str, body: &str| Letter {
        id: 1,
        kind,
        key: key.to_owned(),
        ver: 7,
        at: monti_core::Timestamp::from_millis(0),
        body: body.to_owned(),
    };
    let call = r#"{"callId":"CALL-20260129-000042","date":"2026-01-29","callerNumber":null,
        "agentId":"ada","waitSeconds":12.5,"answeredInTarget":true,"offers":1}"#;
    let call = letter(LetterKind::Call, "CALL-20260129-000042", call);
    let day =
        r#"{"date":"2026-01-29","callsHandled":3,"talkSeconds":0.25,"occupancyPercent":null}"#;
    let day = letter(LetterKind::AgentDay, "ada/2026-01-29", day);
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let number = |number: &str| AttributeValue::N(number.to_owned());
    run(async {
        let dynamo = tables.reach().await;
        assert_eq!(dynamo.deliver_calls(&[&call]).await.unwrap(), [0; 0]);
        dynamo.deliver_day(&day).await.unwrap();
        let client = tables.client().await;
        let one = async |table: String| {
            client.scan().table_name(table).send().await.unwrap().items.unwrap().remove(0)
        };
        let wanted = [
            ("CallID", text("CALL-20260129-000042")),
            ("Date", text("2026-01-29")),
            ("CallerNumber", AttributeValue::Null(true)),
            ("AgentID", text("ada")),
            ("WaitSeconds", number("12.5")),
            ("AnsweredInTarget", AttributeValue::Bool(true)),
            ("Offers", number("1")),
        ];
        let wanted = wanted.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(one(tables.layout.calls_table()).await, wanted.into());
        let wanted = [
            ("AgentID", text("ada")),
            ("Date", text("2026-01-29")),
            ("CallsHandled", number("3")),
            ("TalkSeconds", number("0.25")),
            ("OccupancyPercent", AttributeValue::Null(true)),
            ("Ver", number("7")),
        ];
        let wanted = wanted.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(one(tables.layout.days_table()).await, wanted.into());
    });
}
