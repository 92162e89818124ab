//! F8: records that DynamoDB refuses for ever, and tables that refuse every record.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use monti_server::store::Outbox;

use crate::{
    centre::{Centre, assert_all_is_there},
    servers::{Kind, Tables, run},
    writing::{Writing, wait_for, wait_until},
};

/// Two that the server refuses, in different batches, and one that is no record at all.
const POISON: [(i64, &str); 3] = [
    (7, r#"{"callId": "", "date": "2026-01-29"}"#),
    (8, "no record"),
    (61, r#"{"callId": "", "date": "2026-01-29"}"#),
];

#[test]
fn a_record_that_is_refused_is_found_and_set_aside_and_the_others_flow() {
    for kind in [Kind::Dynoxide, Kind::Dynalite] {
        let tables = Tables::on(kind);
        let mut centre = Centre::with_agents(20);
        (0..5).for_each(|_| centre.second(20));
        let whole = poison(&centre);
        let writing = Writing::start(&centre, tables.options(&tables.server.endpoint));
        writing.wait_until_empty();
        let mut outbox = Outbox::open(&centre.folder()).unwrap();
        let dead = outbox.dead_letters(i64::MIN, 10).unwrap();
        let set_aside: Vec<_> = dead.iter().map(|it| it.letter.id).collect();
        assert_eq!(set_aside, POISON.map(|(id, _)| id));
        assert!(dead[0].reason.contains("ValidationException"), "{}", dead[0].reason);
        assert!(dead[1].reason.contains("no record"), "{}", dead[1].reason);
        assert_eq!(outbox.dead_letters(7, 1).unwrap(), dead[1..2]);
        let observations = &centre.floor.observations;
        wait_until(|| observations.outbox().dead_letters == 3, || "they are counted".to_owned());

        // Made good, they are sent again.
        let file = rusqlite::Connection::open(centre.folder().join("monti.db")).unwrap();
        for (id, body) in whole {
            let sql = "UPDATE dead_letter SET body = ?2 WHERE id = ?1";
            file.execute(sql, rusqlite::params![id, body]).unwrap();
        }
        let now = centre.floor.clock.now();
        assert_eq!(outbox.retry(8..=8, 10, now).unwrap(), 1);
        assert_eq!(outbox.retry(8..=8, 10, now).unwrap(), 0);
        assert_eq!(outbox.newest_dead_letter().unwrap(), Some(61));
        assert_eq!(outbox.retry(0..=61, 1, now).unwrap(), 1, "the oldest first, one at a time");
        assert_eq!(outbox.dead_letters(0, 10).unwrap()[0].letter.id, 61);
        assert_eq!(outbox.retry(0..=61, 1, now).unwrap(), 1);
        writing.wait_until_empty();
        assert_eq!(assert_all_is_there(&centre.folder(), &centre.history, &tables), (100, 0));
        assert_eq!(outbox.backlog().unwrap().dead_letters, 0);
    }
}

/// It is the table that is wrong, and no record's fault.
#[test]
fn tables_with_other_keys_refuse_everything_and_nothing_is_set_aside() {
    let tables = Tables::on(Kind::Dynoxide);
    run(async { make_again(&tables, "Id").await });
    let mut centre = Centre::with_agents(20);
    (0..3).for_each(|_| centre.second(20));
    let writing = Writing::start(&centre, tables.options(&tables.server.endpoint));
    let observations = &centre.floor.observations;
    wait_until(|| observations.outbox().lags, || "it should lag".to_owned());
    wait_for(&centre.folder(), |backlog| backlog.records == 60 && backlog.dead_letters == 0);

    run(async { make_again(&tables, "Date").await });
    writing.wait_until_empty();
    assert_eq!(assert_all_is_there(&centre.folder(), &centre.history, &tables), (60, 0));
    assert_eq!(observations.outbox().dead_letters, 0);
}

/// Puts records into the outbox that will be refused. Answers what stood there.
fn poison(centre: &Centre) -> Vec<(i64, String)> {
    let file = rusqlite::Connection::open(centre.folder().join("monti.db")).unwrap();
    let replace = |(id, body): (i64, &str)| {
        let sql = "SELECT body FROM outbox WHERE id = ?1";
        let whole = file.query_row(sql, [id], |row| row.get(0)).unwrap();
        let sql = "UPDATE outbox SET body = ?2 WHERE id = ?1";
        file.execute(sql, rusqlite::params![id, body]).unwrap();
        (id, whole)
    };
    POISON.into_iter().map(replace).collect()
}

/// Makes the table of calls once more, with another partition key.
async fn make_again(tables: &Tables, partition_key: &str) {
    let client = tables.client().await;
    let name = tables.layout.calls_table();
    client.delete_table().table_name(&name).send().await.unwrap();
    let mut request = client.create_table().table_name(&name);
    for (key, kind) in [(partition_key, KeyType::Hash), ("CallID", KeyType::Range)] {
        let text = AttributeDefinition::builder().attribute_name(key);
        let text = text.attribute_type(ScalarAttributeType::S).build().unwrap();
        let element = KeySchemaElement::builder().attribute_name(key).key_type(kind);
        request = request.attribute_definitions(text).key_schema(element.build().unwrap());
    }
    request.billing_mode(BillingMode::PayPerRequest).send().await.unwrap();
}
