//! `cumbre demo`.

use super::{CommandError, run_to_end, say, serve};
use crate::administration::demonstration::{self, DemonstrationPerson};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;

/// Makes the demonstration where it is missing, says how to sign in, and serves.
pub(super) fn run(config: Config) -> Result<(), CommandError> {
    run_to_end(async {
        let app = App::open(config, demonstration::clock_of_the_week(Clock::system().now())).await?;
        let listener = serve::listen(&app.config)?;
        let people =
            demonstration::prepare(&app, true).await.map_err(|error| CommandError::Refused(error.to_string()))?;
        say(describe(&app.config.public_address(), &demonstration::describe_now(&app.clock), &people))?;
        serve::serve(app, listener).await
    })
}

fn describe(address: &str, now: &str, people: &[DemonstrationPerson]) -> String {
    let rows: Vec<String> = people
        .iter()
        .map(|person| format!("  {:<12} {:<18} {:<25} {}", person.code, person.name, person.email, person.what))
        .collect();
    let code = people.first().map_or("", |person| person.code.as_str());
    let event = demonstration::EVENT;
    format!(
        "The 10th Citizen Security Week is at {address}, and it is now {now} there.\n\n\
         Codes to sign in with, each once and for a day:\n{}\n\n\
         In a browser:\n  {address}/sign-in\n\
         Sign in:\n  curl -s {address}/v1/sign-in -H 'Content-Type: application/json' \\\n    \
         -d '{{\"code\": \"{code}\", \"device\": {{\"name\": \"terminal\", \"kind\": \"console\"}}}}'\n\
         What everybody may see:\n  curl -s {address}/v1/events/{event}/sync/public\n\
         A device at the terminal:\n  cumbre device --help\n",
        rows.join("\n")
    )
}
