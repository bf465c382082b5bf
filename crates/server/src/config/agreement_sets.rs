//! The agreement sets of this program: those that come with it, and those in the operator's folder.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use omklap_domain::agreements::read::{decoded, fault_at_region};
use omklap_domain::agreements::{AgreementSets, SetError};
use omklap_domain::trajectory::fact::AgreementSetVersion;
use thiserror::Error;

/// Why the agreement sets cannot be loaded.
#[derive(Debug, Error)]
pub enum NoSets {
    /// The folder, or a file in it, cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Some files are not valid sets: everything that is wrong in any of them.
    #[error("{}", Listed(.0))]
    Faulty(Vec<(PathBuf, SetError)>),
}

struct Listed<'a>(&'a [(PathBuf, SetError)]);

/// The sets that come with omklap, and every `*.toml` of this folder.
///
/// # Errors
/// If the folder cannot be read, a file in it is not a set, or a file repeats another: everything
/// that is wrong, each with its file, line and column.
pub fn load(folder: Option<&Path>) -> Result<AgreementSets, NoSets> {
    let mut sets = AgreementSets::shipped();
    let Some(folder) = folder else { return Ok(sets) };
    let unreadable = |path: &Path, source| NoSets::Unreadable { path: path.to_owned(), source };
    let mut files = std::fs::read_dir(folder)
        .and_then(|files| files.map(|file| file.map(|file| file.path())).collect::<io::Result<Vec<_>>>())
        .map_err(|error| unreadable(folder, error))?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort_unstable();
    let (mut added, mut faulty) = (Vec::new(), Vec::new());
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| unreadable(&file, error))?;
        let read = decoded(bytes).map_err(SetError::Faulty).and_then(|text| Ok((sets.add(&text)?, text)));
        match read {
            Ok((set, text)) => added.push((set, file, text)),
            Err(error) => faulty.push((file, error)),
        }
    }
    faulty.extend(regions_named_twice(&sets, &added));
    if faulty.is_empty() { Ok(sets) } else { Err(NoSets::Faulty(faulty)) }
}

/// The faults of added files that name a region of another set. A region works by one set,
/// including its suppression of small counts, so an added file must not take a region over because
/// its name sorts first.
fn regions_named_twice(
    sets: &AgreementSets,
    added: &[(AgreementSetVersion, PathBuf, String)],
) -> Vec<(PathBuf, SetError)> {
    let mut faulty = Vec::new();
    for (region, [one, other]) in sets.regions_named_twice() {
        for (set, file, text) in added.iter().filter(|(set, ..)| *set == one || *set == other) {
            let theirs = if *set == one { &other.id } else { &one.id };
            let message = format!("agreement set {theirs} names the region {region} as well");
            faulty.push((file.clone(), SetError::Faulty(fault_at_region(text, &region, message))));
        }
    }
    faulty
}

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.0.iter().flat_map(|(file, error)| {
            let file = file.display();
            match error {
                SetError::Faulty(faults) => faults
                    .iter()
                    .map(|fault| format!("{file}:{}:{}: {}", fault.line, fault.column, fault.message))
                    .collect(),
                twice @ SetError::Twice(..) => vec![format!("{file}: {twice}")],
            }
        });
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALMERE: &str = include_str!("../../../../agreements/almere.toml");

    /// A folder that is removed when this is dropped.
    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).ok();
        }
    }

    fn folder(files: &[(&str, &str)]) -> Folder {
        let folder = std::env::temp_dir().join(format!("omklap-sets-{:x}", rand::random::<u64>()));
        std::fs::create_dir(&folder).expect("a folder of our own");
        for (name, text) in files {
            std::fs::write(folder.join(name), text).expect("it can be written");
        }
        Folder(folder)
    }

    #[test]
    fn a_region_adds_a_set_by_putting_its_file_in_the_folder() {
        let own = ALMERE.replacen("id = \"almere\"", "id = \"zwolle\"", 1);
        let own = own.replacen("regions = [\"almere\"]", "regions = [\"zwolle\"]", 1);
        let sets =
            load(Some(&folder(&[("zwolle.toml", &own), ("read-me.txt", "no set")]).0)).expect("a good set");
        assert_eq!(sets.iter().filter(|set| set.id.as_str() == "zwolle").count(), 1);
        assert_eq!(sets.iter().count(), AgreementSets::shipped().iter().count() + 1);
    }

    #[test]
    fn everything_wrong_in_every_file_is_named_at_once() {
        let broken = ALMERE.replacen("id = \"almere\"", "id = \"zwolle\"\nwhat = 1", 1);
        let error =
            load(Some(&folder(&[("a.toml", &broken), ("b.toml", ALMERE)]).0)).expect_err("two bad files");
        let message = error.to_string();
        let lines: Vec<_> = message.lines().collect();
        assert!(lines.iter().any(|line| line.contains("a.toml:") && line.contains("what")), "{message}");
        assert!(
            lines.last().is_some_and(|line| line.contains("b.toml") && line.contains("twice")),
            "{message}"
        );
    }

    #[test]
    fn a_file_that_is_not_utf_8_is_reported_like_every_other_fault() {
        let folder = folder(&[]);
        std::fs::write(folder.0.join("zwolle.toml"), b"# caf\xe9\n").expect("it can be written");
        let error = load(Some(&folder.0)).expect_err("a wrong file");
        assert!(error.to_string().ends_with("zwolle.toml:1:6: this is not UTF-8; a set file must be UTF-8"));
    }

    #[test]
    fn a_region_is_not_taken_over_by_a_set_that_sorts_first() {
        let own = ALMERE.replacen("id = \"almere\"", "id = \"aaa-zwolle\"", 1);
        let own = own.replacen("regions = [\"almere\"]", "regions = [\"zwolle\", \"amsterdam\"]", 1);
        let error = load(Some(&folder(&[("zwolle.toml", &own)]).0)).expect_err("Amsterdam has its own");
        let message = error.to_string();
        assert!(
            message.ends_with(":22: agreement set amsterdam-2020 names the region amsterdam as well"),
            "{message}"
        );
    }

    #[test]
    fn a_region_takes_over_a_set_that_comes_with_omklap_by_raising_its_version() {
        let own = ALMERE.replacen("version = 1", "version = 2", 1);
        let sets = load(Some(&folder(&[("almere.toml", &own)]).0)).expect("the next version");
        let region = "almere".parse().expect("a code");
        assert_eq!(sets.of_region(&region).map(|set| set.version), Some(2));
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let error = load(Some(Path::new("/nowhere/agreements"))).expect_err("no folder");
        assert!(error.to_string().starts_with("/nowhere/agreements: "), "{error}");
    }
}
