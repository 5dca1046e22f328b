use super::*;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn refusal(name: &str, value: &str) -> String {
    match Config::of_pairs([(name, value)]) {
        Ok(_) => format!("{name}={value} was accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_defaults_are_acceptable() -> Outcome {
    let config = Config::of_pairs([])?;
    assert_eq!(config.body_bytes, ByteCount(262_144));
    assert_eq!(config.public_address(), "http://127.0.0.1:8080");
    assert_eq!(config.cors_origins.0, []);
    Ok(())
}

#[test]
fn flags_lie_over_the_file_and_the_file_over_the_defaults() -> Outcome {
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        settings: SettingArguments,
    }
    let path = std::env::temp_dir().join(format!("cumbre-config-{}.toml", uuid::Uuid::new_v4()));
    let path_text = path.display().to_string();
    let load = |text: &str| -> Result<_, Box<dyn std::error::Error>> {
        std::fs::write(&path, text)?;
        let line = <Line as clap::Parser>::try_parse_from(["x", "--config", &path_text, "--readers", "7"])?;
        Ok(Config::load(&line.settings))
    };
    let config = load("readers = 3\nworkers = 5\nmetrics = false\ncors_origins = [\"https://a.example\", \"*\"]\n")?;
    let refused = load("workers = \"x\"\n")?;
    std::fs::remove_file(&path)?;
    let config = config?;
    let refused = refused.err().map(|error| error.to_string());
    let told = format!("{path_text}: setting `workers` (CUMBRE_WORKERS): invalid digit found in string");
    assert_eq!(refused, Some(told), "a fault is laid to the layer that it is in");
    assert_eq!((config.readers, config.workers, config.metrics), (7, 5, Switch(false)));
    assert_eq!(config.cors_origins.0, [Origin::One("https://a.example".to_owned()), Origin::Any]);
    assert_eq!(config.request_burst, 120);
    Ok(())
}

#[test]
fn a_refusal_names_the_setting() {
    assert_eq!(refusal("wrokers", "1"), "pairs: there is no setting `wrokers`");
    assert_eq!(refusal("readers", "0"), "setting `readers` is out of the range 1 to 1024");
    let message = refusal("database_url", "mysql://user:pass@host/d");
    assert!(message.starts_with("pairs: setting `database_url` (DATABASE_URL): "), "{message}");
    assert!(!message.contains("pass@"), "{message}");
    for (name, value) in [
        ("listen", "nowhere"),
        ("workers", "x"),
        ("body_bytes", "many"),
        ("metrics", "perhaps"),
        ("log_format", "xml"),
        ("trusted_proxies", "10.0.0.0/33"),
        ("cors_origins", "example.org"),
        ("public_url", "https://a/b"),
        ("live_close_before_s", "1"),
        ("mail_from", "The organisers"),
        ("web_push_subject", "organisers@example.org"),
        ("web_push_subject", "http://example.org"),
    ] {
        let message = refusal(name, value);
        assert!(message.contains(&format!("setting `{name}`")), "{message}");
    }
}

#[test]
fn networks_have_their_addresses_and_no_others() -> Outcome {
    let network: Network = "10.1.0.0/16".parse()?;
    assert!(network.contains("10.1.200.3".parse()?));
    assert!(network.contains("::ffff:10.1.2.3".parse()?));
    assert!(!network.contains("10.2.0.1".parse()?));
    let everybody: Network = "::/0".parse()?;
    assert!(everybody.contains("2001:db8::1".parse()?));
    assert!(!everybody.contains("10.0.0.1".parse()?));
    Ok(())
}

#[test]
fn every_setting_is_documented_for_operators() {
    let document = include_str!("../../docs/operating.md");
    for setting in SETTINGS {
        assert!(document.contains(&format!("`{}`", setting.name)), "{} is missing", setting.name);
        assert!(document.contains(&format!("`{}`", setting.environment)), "{} is missing", setting.environment);
    }
}
