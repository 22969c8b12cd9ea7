//! Texts as vectors, so that texts with the same words are near to one another.
//!
//! The model is a small one that needs no download: each group of three letters of a word counts in one of the dimensions, which
//! a hash of the letters selects. It finds words in other forms, and those with a mistake in them, and knows nothing of what they mean:
//! a shop would take the vectors of a language model instead, and change nothing else.

use dynamap::value::Vector;

/// The number of dimensions.
pub const DIMENSIONS: usize = 256;

/// The vector of a text, of length 1; `None` if it has no letter and no digit.
#[must_use]
pub fn embed(text: &str) -> Option<Vector<DIMENSIONS>> {
    let mut values = vec![0.0_f32; DIMENSIONS];
    for word in words(text) {
        for gram in grams(&word) {
            let hash = hash(&gram);
            let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
            let dimension = usize::try_from(hash % DIMENSIONS as u64).unwrap_or_default();
            // Two groups of letters in one dimension are as often taken from one another as added.
            values[dimension] += sign;
        }
    }
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    // All groups of letters may have cancelled out.
    (length > 0.0).then(|| values.iter().map(|value| value / length).collect::<Vec<f32>>())?.try_into().ok()
}

/// The words in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// The groups of three letters of a word, with its two ends.
fn grams(word: &str) -> Vec<[char; 3]> {
    let letters: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
    letters.array_windows().copied().collect()
}

/// FNV-1a, which is the same on each machine and in each version of Rust.
fn hash(gram: &[char; 3]) -> u64 {
    let bytes = gram.iter().flat_map(|letter| u32::from(*letter).to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn similarity(one: &str, other: &str) -> f32 {
        let [one, other] = [one, other].map(|text| embed(text).unwrap());
        one.iter().zip(other.iter()).map(|(one, other)| one * other).sum()
    }

    #[test]
    fn texts_with_the_same_words_are_near() {
        assert!(similarity("The Quiet Harbour", "quiet HARBOUR, the") > 0.999);
        let [same, misspelt, other] =
            ["harbour", "harbor", "umbrella"].map(|word| similarity("The Quiet Harbour", word));
        assert!(same > misspelt && misspelt > other + 0.1, "{same} {misspelt} {other}");
    }

    #[test]
    fn texts_without_words_have_no_vector() {
        assert_eq!(embed(""), None);
        assert_eq!(embed(" ...!"), None);
        let vector = embed("7").unwrap();
        assert!((vector.iter().map(|value| value * value).sum::<f32>() - 1.0).abs() < 1e-6);
    }
}
