//! A connection to PostgreSQL that prepares each statement once: a statement sent as text costs a round trip and
//! a parse more each time.

use postgres::{Client, Statement};
use std::{
    collections::HashMap,
    ops::{Deref, DerefMut},
};

/// More statements than this are not kept; all are let go, and those still in use are prepared anew.
const MOST: usize = 256;

/// A client with the statements it has prepared.
pub(crate) struct Prepared {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Prepared {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            statements: HashMap::new(),
        }
    }

    /// The statement of a text.
    pub(crate) fn statement(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let new = self.client.prepare(sql)?;
        if self.statements.len() >= MOST {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), new.clone());
        Ok(new)
    }
}

impl Deref for Prepared {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Prepared {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}
