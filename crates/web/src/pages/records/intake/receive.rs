//! The file as it is sent: token first, then bytes, counted while they come and kept without a name on
//! disk. What the browser calls the file is shown and journalled, and never used as a path.

use super::{first, here, limits};
use crate::{answer::Refused, pages::records::kind_of, site::Site, visitor::Visitor};
use axum::extract::{FromRequest, Multipart, Path, Request, State, multipart::Field};
use axum::response::{IntoResponse, Redirect, Response};
use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;
use symbolon_app::AppError;
use symbolon_exchange::guard::{Code, Refusal};

/// Bytes are written to disk when so many have gathered.
const CHUNK: usize = 1 << 20;

/// Longest name of a file that is kept, characters.
const NAME: usize = 200;

pub(crate) async fn receive(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
    request: Request,
) -> Result<Response, Refused> {
    let kind = kind_of(&visitor, &kind)?;
    let viewer = visitor.viewer.clone();
    // Who may not bring in a file is told so before its bytes are taken.
    let may = site
        .ask(move |app| app.intake_kind(&viewer, kind.code))
        .await;
    may.map_err(|e| visitor.refuse(e))?;
    let form = Multipart::from_request(request, &()).await;
    let Ok(mut form) = form else {
        let what = "this is no form with a file".to_owned();
        return Err(visitor.refuse(AppError::Malformed(what)));
    };
    let mut known = false;
    while let Some(field) = next(&visitor, &mut form).await? {
        let part = field.name().unwrap_or_default().to_owned();
        match part.as_str() {
            "csrf" => {
                let token = small(&visitor, field).await?;
                visitor.check_form(&token)?;
                known = true;
            }
            "file" if !known => visitor.check_form("")?,
            "file" => {
                let name = plain_name(field.file_name().unwrap_or_default());
                let file = match bytes(&visitor, field).await? {
                    Ok(file) => file,
                    Err(error) => return first(&site, &visitor, kind, Some(error)).await,
                };
                let viewer = visitor.viewer.clone();
                let kept = site
                    .work(move |app| app.upload(&viewer, kind.code, (&name, file), limits()))
                    .await;
                return match kept {
                    Ok(upload) => Ok(Redirect::to(&here(&upload)).into_response()),
                    Err(e @ (AppError::File(_) | AppError::Conflict(_))) => {
                        first(&site, &visitor, kind, Some(e)).await
                    }
                    Err(e) => Err(visitor.refuse(e)),
                };
            }
            _ => {
                let what = format!("the form has no field `{}`", plain_name(&part));
                return Err(visitor.refuse(AppError::UnknownField(what)));
            }
        }
    }
    let none = AppError::Invalid("choose a file".to_owned());
    first(&site, &visitor, kind, Some(none)).await
}

fn cut_off(visitor: &Visitor) -> Refused {
    visitor.refuse(AppError::Malformed("the form was cut off".to_owned()))
}

/// Waits for what comes next, but not for a line that has gone silent.
async fn soon<T>(what: impl Future<Output = T>) -> Option<T> {
    let idle = Duration::from_secs(limits().idle_seconds);
    tokio::time::timeout(idle, what).await.ok()
}

async fn next<'a>(
    visitor: &Visitor,
    form: &'a mut Multipart,
) -> Result<Option<Field<'a>>, Refused> {
    match soon(form.next_field()).await {
        Some(Ok(field)) => Ok(field),
        _ => Err(cut_off(visitor)),
    }
}

/// A field of a few bytes.
async fn small(visitor: &Visitor, mut field: Field<'_>) -> Result<String, Refused> {
    let mut text = vec![];
    while let Some(chunk) = soon(field.chunk()).await.and_then(Result::ok).flatten() {
        text.extend_from_slice(&chunk);
        if text.len() > 1024 {
            return Err(cut_off(visitor));
        }
    }
    String::from_utf8(text).map_err(|_| cut_off(visitor))
}

/// The bytes of a file, on disk; a refusal where there are more than the limit.
async fn bytes(visitor: &Visitor, mut field: Field<'_>) -> Result<Result<File, AppError>, Refused> {
    let internal = |e: std::io::Error| visitor.refuse(AppError::Internal(e.to_string()));
    let mut file = tempfile::tempfile().map_err(internal)?;
    let (mut taken, mut gathered) = (0_u64, vec![]);
    loop {
        let chunk = match soon(field.chunk()).await {
            Some(Ok(chunk)) => chunk,
            Some(Err(e)) if e.status().as_u16() == 413 => return Ok(Err(too_large())),
            _ => return Err(cut_off(visitor)),
        };
        let last = chunk.is_none();
        if let Some(chunk) = chunk {
            taken += chunk.len() as u64;
            gathered.extend_from_slice(&chunk);
        }
        if taken > limits().upload {
            return Ok(Err(too_large()));
        }
        if last || gathered.len() >= CHUNK {
            let part = std::mem::take(&mut gathered);
            let written = tokio::task::spawn_blocking(move || {
                file.write_all(&part)?;
                Ok(file)
            });
            let written = written
                .await
                .unwrap_or_else(|e| Err(std::io::Error::other(e)));
            file = written.map_err(internal)?;
        }
        if last {
            return Ok(Ok(file));
        }
    }
}

fn too_large() -> AppError {
    let problem = format!("the file is larger than {} MiB", limits().upload >> 20);
    let help = "split it, or let the operator import it on the command line";
    AppError::File(Box::new(Refusal::new(Code::TooLarge, problem, help)))
}

/// The last part of a name, without what could be taken for anything but a name.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME)
        .collect();
    if plain.trim().is_empty() {
        "file".to_owned()
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_name_is_a_name_and_no_path() {
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("C:\\Lists\\units.csv"), "units.csv");
        assert_eq!(plain_name("a\u{0}b\n.csv"), "ab.csv");
        assert_eq!(plain_name("x/"), "file");
        assert_eq!(plain_name(&"x".repeat(999)).len(), 200);
    }
}
