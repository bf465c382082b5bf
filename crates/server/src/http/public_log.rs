//! The log for everybody, as C2SP tlog-tiles: the checkpoint that the witnesses cosigned, the tiles
//! of hashes, and the entries. An entry is a position and a hash, which say nothing about anybody
//! (ADR 34).
//!
//! It shows how many events the ledger has. So it is served only if the operator says so.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use tlog_tiles::tile::Tile;

use super::problem::{Kind, Problem};
use super::services::Services;

/// The hashes of a full tile.
const FULL: u32 = 256;

/// The newest checkpoint that a quorum of the witnesses cosigned
#[get("/checkpoint")]
pub(super) async fn checkpoint(services: Data<Services>) -> Result<HttpResponse, Problem> {
    is_public(&services)?;
    let note = services.signer.published().await?.ok_or(Kind::NotSigned)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(note))
}

/// A tile of hashes (`tile/LEVEL/NUMBER`) or of entries (`tile/entries/NUMBER`), in part with
/// `.p/WIDTH` after its number
#[get("/tile/{path:.*}")]
pub(super) async fn tiles(services: Data<Services>, path: Path<String>) -> Result<HttpResponse, Problem> {
    is_public(&services)?;
    let tile = named(&path).ok_or(Kind::NoSuchPath)?;
    let width = usize::try_from(tile.width()).unwrap_or(usize::MAX);
    let found = if tile.is_data() {
        services.signer.entries(tile.level_index(), width).await?
    } else {
        services.signer.tile(tile.level(), tile.level_index(), width).await?
    };
    let found = found.ok_or(Kind::NoSuchPath)?;
    // What a tile of a width holds never changes.
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(found))
}

fn is_public(services: &Services) -> Result<(), Problem> {
    if services.transparency.public_log { Ok(()) } else { Err(Kind::NoSuchPath.into()) }
}

/// The tile of a path. The library reads the paths of Go's checksum database, which begin with the
/// height and call entries data; it panics at a level or a width that no tile has.
fn named(path: &str) -> Option<Tile> {
    let (level, place) = path.split_once('/')?;
    let level = match level {
        "entries" => "data",
        "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" => level,
        _ => return None,
    };
    let width = place.rsplit_once(".p/").map(|(_, width)| width.parse::<u32>());
    let is_partial = |width: u32| (1..FULL).contains(&width);
    let is_possible = width.is_none_or(|width| width.is_ok_and(is_partial));
    is_possible.then(|| Tile::from_path(&format!("tile/8/{level}/{place}")).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paths that name no tile; the first is empty.
    const NO_TILES: &str = " 0 0/0 0/1 0/000/ 8/000 64/000 200/000 00/000 0/000.p/0 0/000.p/00 0/000.p/+0 \
         0/000.p/256 entries/000.p/0 0/000.p/08 data/000 entries/000.p/300 0/x000/001 -1/000 \
         0/999999 ../checkpoint";

    #[test]
    fn a_tile_has_one_path() {
        let read = |path: &str| {
            named(path).map(|read| (read.is_data(), read.level(), read.level_index(), read.width()))
        };
        assert_eq!(read("0/000"), Some((false, 0, 0, 256)));
        assert_eq!(read("1/x001/x234/067.p/8"), Some((false, 1, 1_234_067, 8)));
        assert_eq!(read("entries/x001/000"), Some((true, 0, 1_000, 256)));
        for wrong in NO_TILES.split(' ') {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
