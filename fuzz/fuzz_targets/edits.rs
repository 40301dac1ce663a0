#![no_main]
libfuzzer_sys::fuzz_target!(init: rune_fuzz::write_seeds(rune_fuzz::seeds_of_edits), |data: &[u8]| rune_fuzz::edits(data));
