//! `init`: an empty instance and the one-time link of its first administrator.

use crate::Outcome;
use crate::config::Global;
use crate::instance::Place;
use crate::output::Out;
use clap::Args;
use symbolon_app::NewAccount;
use symbolon_domain::{country::Iso3, kinds::Role};

/// Make an empty instance.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon init\n  symbolon init --data /srv/symbolon --name 'Ada Byron' --nation USA"
)]
pub struct Init {
    /// Name of the first account, an administrator
    #[arg(long, default_value = "Administrator")]
    name: String,
    /// Nation of the first account, ISO 3166-1 alpha-3
    #[arg(long, default_value = "USA")]
    nation: Iso3,
    /// Address at which the instance will be served, for the link
    #[arg(long, default_value = "http://127.0.0.1:7600", value_name = "URL")]
    address: String,
}

impl Init {
    /// Makes it.
    pub fn run(self, global: &Global) -> Outcome<()> {
        let place = Place::of(global);
        let instance = place.create()?;
        let app = &instance.app;
        let new = NewAccount {
            name: self.name,
            role: Role::Administrator,
            nation: self.nation,
            standing: None,
        };
        let account = app.add_account(&app.system(), &new)?;
        let token = app.sign_in_link(account)?;
        instance.signer.sign(app)?;
        let link = format!("{}/sign-in/{token}", self.address.trim_end_matches('/'));
        let data = place.data.display().to_string();
        let key = place.keys().key_file().display().to_string();
        let json = serde_json::json!({"data": data, "key": key, "account": account, "link": link, "minutes": 30});
        let lines = [
            format!("Made an empty instance in {data}"),
            format!("The signing key is {key}: back it up apart from the database."),
            format!("Start it:   symbolon serve --data {data}"),
            format!("Set it up:  {link}"),
            "The link signs in the first administrator once, within 30 minutes. Another: symbolon account link".to_owned(),
        ];
        Out::of(global).lines(&json, &lines)
    }
}
