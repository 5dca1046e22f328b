//! Answers that are lost, and mutations that are sent more than once.

use shared::sync::{ExchangeResponse, MutationResult};
use uuid::Uuid;

use super::database::Database;
use super::stage::{Node, Stage};
use super::verdict::{History, judge};

fn results(body: &[u8]) -> Vec<MutationResult> {
    let answer: ExchangeResponse = serde_json::from_slice(body).unwrap();
    answer.results.into_iter().map(|given| given.result).collect()
}

async fn lose_an_answer_three_times(database: Database) {
    let mut stage = Stage::set(database, 1).await;
    let node = Node::start(&stage.database).await;
    let mut phone = stage.phones.pop().unwrap();
    phone.settle(&node.base()).await;
    let note = Uuid::new_v4();
    phone.write_note(note);
    phone.edit();
    let mut answers = Vec::new();
    for _ in 0..3 {
        let (_, outgoing) = phone.prepare();
        let (status, body) = phone.transmit(&node.base(), &outgoing).await.unwrap();
        assert_eq!(status, 200);
        answers.push(results(&body));
        phone.replica.abandon_request().unwrap();
    }
    let again = |first: &MutationResult| MutationResult::Duplicate { original: Box::new(first.clone()) };
    let duplicates: Vec<_> = answers[0].iter().map(again).collect();
    assert!(answers[0].iter().all(|result| matches!(result, MutationResult::Applied { .. })), "{:?}", answers[0]);
    assert_eq!(answers[1..], [duplicates.clone(), duplicates]);
    phone.settle(&node.base()).await;
    judge(&stage, &mut [phone], History::Kept);
    node.stop().await;
}

#[tokio::test]
async fn a_lost_answer_sent_for_again_three_times_has_one_effect() {
    lose_an_answer_three_times(Database::sqlite()).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_lost_answer_sent_for_again_three_times_has_one_effect_on_postgres() {
    lose_an_answer_three_times(Database::postgres()).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn one_mutation_sent_to_two_nodes_at_once_has_one_effect() {
    let mut stage = Stage::set(Database::postgres(), 1).await;
    let nodes = [Node::start(&stage.database).await, Node::start(&stage.database).await];
    let bases = [nodes[0].base(), nodes[1].base()];
    let mut phone = stage.phones.pop().unwrap();
    phone.settle(&bases[0]).await;
    for _ in 0..20 {
        phone.write_note(Uuid::new_v4());
        let (token, outgoing) = phone.prepare();
        let sent = tokio::join!(phone.transmit(&bases[0], &outgoing), phone.transmit(&bases[1], &outgoing));
        let bodies = [sent.0.unwrap().1, sent.1.unwrap().1];
        let answers = [results(&bodies[0]), results(&bodies[1])];
        let first = answers.iter().position(|answer| matches!(answer[0], MutationResult::Applied { .. })).unwrap();
        let duplicate = MutationResult::Duplicate { original: Box::new(answers[first][0].clone()) };
        assert_eq!(answers[1 - first], [duplicate]);
        phone.store(token, &serde_json::from_slice(&bodies[1 - first]).unwrap());
    }
    phone.settle(&bases[1]).await;
    judge(&stage, &mut [phone], History::Kept);
    for node in nodes {
        node.stop().await;
    }
}
