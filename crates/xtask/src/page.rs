//! The offline page for phones: static files for any web server.

use crate::extension::{npm_ci, run_in};
use crate::{npm, root};

/// Builds the screener and the page.
pub fn build() -> Result<(), String> {
    npm::package()?;
    bundle()?;
    println!("page: target/page (serve it over https at any address; nothing else is needed)");
    Ok(())
}

/// Builds the page from the npm package as it stands.
pub fn bundle() -> Result<(), String> {
    let folder = root().join("extension");
    npm_ci(&folder)?;
    run_in(&folder, "npx", &["vite", "build", "--config", "phone/vite.config.ts", "--logLevel", "warn"])
}
