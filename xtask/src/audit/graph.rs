//! The dependency graph, as cargo tells it.

use crate::shell;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A package somewhere in the graph.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    pub(super) source: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dep>,
}

#[derive(Deserialize)]
struct Dep {
    pkg: String,
    dep_kinds: Vec<DepKind>,
}

#[derive(Deserialize)]
struct DepKind {
    kind: Option<String>,
}

/// All packages on Linux, and what needs what.
pub(super) struct Graph {
    pub(super) packages: Vec<Package>,
    members: Vec<String>,
    edges: BTreeMap<String, Vec<String>>,
}

impl Graph {
    pub(super) fn read() -> Result<Self, String> {
        let text = shell::output(shell::cargo().args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--filter-platform=x86_64-unknown-linux-gnu",
        ]))?;
        let metadata: Metadata =
            serde_json::from_str(&text).map_err(|e| format!("cargo metadata: {e}"))?;
        let used = |dep: &Dep| {
            dep.dep_kinds
                .iter()
                .any(|k| k.kind.as_deref() != Some("dev"))
        };
        let edges = metadata.resolve.nodes.into_iter().map(|node| {
            let needs = node.deps.iter().filter(|d| used(d));
            (node.id, needs.map(|d| d.pkg.clone()).collect())
        });
        Ok(Self {
            edges: edges.collect(),
            packages: metadata.packages,
            members: metadata.workspace_members,
        })
    }

    /// Packages that come from anywhere but the package registry or this workspace.
    pub(super) fn foreign_sources(&self) -> Vec<String> {
        foreign_sources(&self.packages)
    }

    /// How many foreign packages are built into the workspace, tests aside.
    pub(super) fn shipped(&self) -> usize {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = self.members.iter().map(String::as_str).collect();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.edges.get(id).into_iter().flatten().map(String::as_str));
            }
        }
        seen.len() - self.members.len()
    }
}

fn foreign_sources(packages: &[Package]) -> Vec<String> {
    packages
        .iter()
        .filter_map(|p| Some((p, p.source.as_deref()?)))
        .filter(|(_, source)| !source.starts_with("registry+"))
        .map(|(p, source)| format!("{} {} comes from {source}", p.name, p.version))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_from_a_repository_is_refused() {
        let package = |source: &str| Package {
            name: "a".into(),
            version: "1.0.0".into(),
            license: None,
            source: Some(source.into()),
        };
        let packages = [package("registry+x"), package("git+https://example.org/a")];
        assert_eq!(foreign_sources(&packages).len(), 1);
    }
}
