//! x
/// x
pub fn build() -> Result<(), String> { Ok(()) }
/// x
pub fn test() -> Result<(), String> { Ok(()) }
