//! Cursors: opaque to callers; inside, the page that comes next.

/// The cursor of a page.
pub(crate) fn of_page(page: u32) -> String {
    hex::encode(format!("p{page}"))
}

/// The page of a cursor.
pub(crate) fn page(cursor: &str) -> Option<u32> {
    let bytes = hex::decode(cursor).ok()?;
    std::str::from_utf8(&bytes)
        .ok()?
        .strip_prefix('p')?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_to_its_page_and_rubbish_nowhere() {
        assert_eq!(page(&of_page(7)), Some(7));
        for rubbish in ["", "zz", "70", "p7", "7078"] {
            assert_eq!(page(rubbish), None);
        }
    }
}
