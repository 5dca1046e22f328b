//! The parsers of strangers' bytes, on what fuzzing found and on damage done to it.

use std::path::Path;

use cumbre_tests::parsers::{PARSERS, Parser};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// How often each file of a corpus is damaged.
const DAMAGES: u64 = 40;

fn corpus_of(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

/// Bytes changed, left out, doubled or cut off, as a line or a disk might.
fn damage(bytes: &mut Vec<u8>, random: &mut StdRng) {
    for _ in 0..random.random_range(1..4) {
        let at = random.random_range(0..=bytes.len().saturating_sub(1));
        match random.random_range(0..4) {
            _ if bytes.is_empty() => bytes.push(random.random()),
            0 => bytes[at] = random.random(),
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, bytes[at]),
            _ => bytes.truncate(at),
        }
    }
}

fn try_all((name, parse): Parser) {
    let corpus = corpus_of(name);
    assert!(!corpus.is_empty(), "{name} has a corpus");
    let mut random = StdRng::seed_from_u64(2018);
    for bytes in corpus {
        parse(&bytes);
        for _ in 0..DAMAGES {
            let mut damaged = bytes.clone();
            damage(&mut damaged, &mut random);
            parse(&damaged);
        }
    }
}

#[test]
fn every_parser_survives_its_corpus() {
    PARSERS.iter().copied().for_each(try_all);
}

#[test]
fn every_corpus_has_a_parser_and_a_target() {
    let names = |folder: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let parsers: Vec<_> = PARSERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!((names("corpus"), names("fuzz_targets")), (parsers.clone(), parsers));
}
