//! What the stories of the terminal desk begin with: a desk with a database of its own, guests with badges.

use cumbre::clock::Clock;
use cumbre::device::desk::{DeskArguments, check, exchange};
use cumbre::device::{DeviceArguments, DeviceCommand, DeviceError, EnrolArguments, execute};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::enrolment::cast::{code, path};
use crate::harness::Site;
use crate::people::cast::{move_to, put};

/// A desk with a database of its own.
pub struct Desk {
    /// What hangs on its wall.
    pub clock: Clock,
    folder: TempDir,
}

impl Desk {
    /// Enrolled by a code, at the only checkpoint that it may check at.
    pub async fn enrol(site: &Site, profile: &str, checkpoint: &str) -> Self {
        Self::enrol_over(&site.node.base(), site, (profile, checkpoint)).await
    }

    /// Likewise at another address of the service, such as the near end of a cable.
    pub async fn enrol_over(base: &str, site: &Site, (profile, checkpoint): (&str, &str)) -> Self {
        let code = code(site, &json!({ "name": "Desk 1", "profile": profile, "checkpoints": [checkpoint] })).await;
        let desk = Self { clock: Clock::system(), folder: tempfile::tempdir().unwrap() };
        let how = EnrolArguments {
            server: base.to_owned(),
            code: code["code"].as_str().unwrap().to_owned(),
            name: "Terminal".to_owned(),
        };
        let arguments = DeviceArguments { store: desk.store(), command: DeviceCommand::Enrol(how) };
        execute(arguments, &mut Vec::new()).await.unwrap();
        desk
    }

    /// The file of its database.
    pub fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("desk.sqlite3")
    }

    /// What it says to these lines, one answer a line, without any network.
    pub fn says(&self, lines: &[&str]) -> Vec<String> {
        let arguments =
            DeskArguments { store: self.store(), checkpoint: None, language: "en".to_owned(), offline: true };
        let mut output = Vec::new();
        check(&arguments, &self.clock, lines.iter().map(|line| (*line).to_owned()), &mut output).unwrap();
        let said = String::from_utf8(output).unwrap();
        said.lines().skip(1).map(str::to_owned).collect()
    }

    /// What it says to these lines, between which the network is there for a moment.
    pub async fn says_around_a_sync(&self, before: &[&str], after: &[&str]) -> Vec<String> {
        let (store, clock, runtime) = (self.store(), self.clock.clone(), tokio::runtime::Handle::current());
        let sync = move || runtime.block_on(exchange(&store, clock)).unwrap();
        self.says_around([before, after], sync).await
    }

    /// What it says to these lines, between which something happens.
    pub async fn says_around(&self, said: [&[&str]; 2], between: impl FnOnce() + Send + 'static) -> Vec<String> {
        let arguments =
            DeskArguments { store: self.store(), checkpoint: None, language: "en".to_owned(), offline: true };
        let [before, after] = said.map(|lines| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        let clock = self.clock.clone();
        let answer = move || {
            let happens = std::iter::once_with(|| {
                between();
                String::new()
            });
            let mut output = Vec::new();
            check(&arguments, &clock, before.into_iter().chain(happens).chain(after), &mut output).unwrap();
            String::from_utf8(output).unwrap().lines().skip(1).map(str::to_owned).collect()
        };
        tokio::task::spawn_blocking(answer).await.unwrap()
    }

    /// What it says to these lines with the network there.
    pub async fn says_connected(&self, lines: &[&str]) -> Vec<String> {
        let arguments =
            DeskArguments { store: self.store(), checkpoint: None, language: "en".to_owned(), offline: false };
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let clock = self.clock.clone();
        let answer = move || {
            let mut output = Vec::new();
            check(&arguments, &clock, lines.into_iter(), &mut output).unwrap();
            String::from_utf8(output).unwrap().lines().skip(1).map(str::to_owned).collect()
        };
        tokio::task::spawn_blocking(answer).await.unwrap()
    }

    /// The network is back.
    pub async fn sync(&self) {
        self.try_sync().await.unwrap();
    }

    /// Exchanges over a network that may not be there.
    pub async fn try_sync(&self) -> Result<(), DeviceError> {
        exchange(&self.store(), self.clock.clone()).await
    }
}

/// Somebody confirmed, and the text of the badge on their phone.
pub async fn guest(site: &Site, name: &str, category: &str) -> String {
    let (olga, attendee) = (site.organiser().await, site.week.attendee(name));
    put(site, &olga, attendee, json!({ "category": category })).await;
    move_to(site, &olga, &attendee.to_string(), "confirmed").await.expect(200);
    let mut phone = site.device(name).await;
    phone.sync().await;
    let badges = phone.list("badges");
    let badge: Value = serde_json::from_str(&badges.first().expect("a phone shows its badge").value).unwrap();
    badge["token"].as_str().unwrap().to_owned()
}

/// How many scans that the server has let somebody in.
pub async fn admitted(site: &Site) -> usize {
    let scans = site.organiser().await.get(&path(site, "/scans/export?format=csv")).await.expect(200);
    scans.text().lines().skip(1).filter(|line| line.contains("admitted")).count()
}
