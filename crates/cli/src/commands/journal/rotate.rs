//! `journal rotate-key`: the key hands over to a new one, and both sign that.

use crate::Outcome;
use crate::config::Global;
use crate::instance::Place;
use crate::output::Out;
use crate::surroundings;
use std::sync::Arc;

/// Hands over. No other program may have the instance open: it would go on with the old key.
pub fn run(global: &Global) -> Outcome<()> {
    let place = Place::of(global);
    let instance = place.open_writer()?;
    instance.signer.sign(&instance.app)?;
    let viewer = instance.app.system();
    let around = instance.app.around.clone();
    drop(instance);
    let keys = place.keys();
    let Some(old) = around.key.clone() else {
        return Ok(());
    };
    let new = keys.make_next(&old)?;
    let new = Arc::new(new);
    let store = place.store(around)?;
    // The new key is on disk before it is used; it takes the place of the old once the entry stands.
    let checkpoint = store.hand_over(&viewer, &new)?;
    keys.use_next()?;
    drop(store);
    let mut around = surroundings::real(None, None);
    around.key = Some(Arc::clone(&new));
    let store = place.store(around)?;
    if let Some((_, note)) = symbolon_store::Store::checkpoint(&store)? {
        keys.keep_note(&note)?;
    }
    let line = new.verifying().line(&checkpoint.origin);
    let json = serde_json::json!({"key": line, "size": checkpoint.size});
    let lines = [
        format!(
            "The key was handed over at entry {}.",
            checkpoint.size.saturating_sub(2)
        ),
        format!("Public key: {line}"),
        format!(
            "Back up {} apart from the database.",
            keys.key_file().display()
        ),
    ];
    Out::of(global).lines(&json, &lines)
}
